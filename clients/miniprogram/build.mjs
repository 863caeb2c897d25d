// Makes miniprogram_dist of src: one file of plain ES5, as the oldest phones read it,
// and its types. The same sources give the same files.
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import ts from 'typescript'

const here = dirname(fileURLToPath(import.meta.url))
const entry = join(here, 'src', 'index.ts')

/** Where the built file is kept a second time, for a mini program that is opened as it is. */
export const demo = join(here, '..', 'demo', 'wxlogin', 'index.js')

const { name, version, license } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'))
const banner = `/*! ${name} ${version}, ${license}. Made of clients/miniprogram/src: change it there. */`

// TypeScript, one module after the other; their types are checked by tsc.
const typescript = () => {
  const file = join(here, 'tsconfig.json')
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile)
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'))
  const { options: compilerOptions } = ts.parseJsonConfigFileContent(config, ts.sys, here)
  return {
    name: 'typescript',
    resolveId (id, importer) {
      if (id === 'tslib') return fileURLToPath(import.meta.resolve('tslib/tslib.es6.js'))
      return importer && id.startsWith('.') ? resolve(dirname(importer), id + '.ts') : null
    },
    transform: (code, id) => id.endsWith('.ts') ? { code: ts.transpileModule(code, { compilerOptions, fileName: id }).outputText, map: null } : null,
  }
}

const onwarn = (warning) => {
  // tslib's helpers look at `this` for one that is there already; an ES module has none.
  if (warning.code !== 'THIS_IS_UNDEFINED') throw new Error(warning.message)
}

/** Builds into the folder. */
export async function build (folder) {
  const program = await rollup({ input: entry, plugins: [typescript()], onwarn })
  await program.write({ file: join(folder, 'index.js'), format: 'cjs', banner, strict: true, esModule: true, generatedCode: 'es5', indent: '  ' })
  const types = await rollup({ input: entry, plugins: [dts({ tsconfig: join(here, 'tsconfig.json') })], onwarn })
  await types.write({ file: join(folder, 'index.d.ts'), banner, footer: '' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(here, 'miniprogram_dist')
  await build(folder)
  await mkdir(dirname(demo), { recursive: true })
  await copyFile(join(folder, 'index.js'), demo)
  const size = (await readFile(demo)).length
  console.log(`miniprogram_dist/index.js: ${size} bytes`)
}
