// What is committed of the SDK is what its sources give, runs on the oldest phones,
// and is small.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { parse } from 'acorn'
import { analyze } from 'eslint-scope'
import { minify } from 'terser'
import { build, demo } from '../build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'miniprogram_dist')
const code = await readFile(join(dist, 'index.js'), 'utf8')

// What ES5 has, Promise, and what every mini program has. Where tslib looks for more
// it asks for its type first.
const globals = new Set(['wx', 'exports', 'Promise', 'setTimeout', 'clearTimeout', 'JSON', 'Math', 'Date', 'Error', 'TypeError', 'Object', 'Array',
  'String', 'Number', 'Boolean', 'RegExp', 'Uint8Array', 'ArrayBuffer', 'encodeURIComponent', 'decodeURIComponent', 'isFinite', 'isNaN', 'parseInt', 'parseFloat',
  'undefined', 'NaN', 'Infinity', 'console'])
const asked = new Set(['Symbol', 'Iterator', 'SuppressedError', 'getApp', 'uni', 'Taro'])

// Methods that phones lack, although a type may have them by another name.
const absent = ['padStart', 'padEnd', 'includes', 'startsWith', 'endsWith', 'finally', 'allSettled', 'replaceAll', 'flatMap', 'fromEntries', 'entries', 'values', 'matchAll', 'findIndex', 'find', 'repeat']

test('the built file is ES5', () => {
  parse(code, { ecmaVersion: 5, sourceType: 'script' })
})

test('it uses no globals but those that phones have', () => {
  const tree = parse(code, { ecmaVersion: 5, sourceType: 'script', ranges: true, locations: true })
  const outside = analyze(tree, { ecmaVersion: 5, sourceType: 'script' }).globalScope.through.map(({ identifier }) => identifier)
  const typed = new Set()
  const members = new Set()
  walk(tree, (node) => {
    if (node.type === 'UnaryExpression' && node.operator === 'typeof' && node.argument.type === 'Identifier') typed.add(node.argument.name)
    if (node.type === 'MemberExpression' && !node.computed) members.add(node.property.name)
  })
  const wrong = outside.filter(({ name }) => !globals.has(name) && !(asked.has(name) && typed.has(name)))
  assert.deepEqual(wrong.map(({ name, loc }) => `${name} in line ${loc.start.line}`), [])
  assert.deepEqual(absent.filter((name) => members.has(name)), [], 'methods that ES5 lacks')
})

test('it loads where there is nothing else, not even wx', async () => {
  const { runInNewContext } = await import('node:vm')
  const module = { exports: {} }
  runInNewContext(code, { module, exports: module.exports }, { contextCodeGeneration: { strings: false, wasm: false } })
  assert.deepEqual(Object.keys(module.exports), ['createClient'])
})

test('it is small', async (t) => {
  const { code: small } = await minify(code, { ecma: 5 })
  const size = gzipSync(small, { level: 9 }).length
  t.diagnostic(`built ${code.length} bytes, minified ${small.length}, gzipped ${size}`)
  assert.ok(size < 8192, `${size} bytes are too many`)
})

test('what is committed is what the sources give', async () => {
  const fresh = await mkdtemp(join(tmpdir(), 'wxlogin-sdk-'))
  try {
    await build(fresh)
    assert.deepEqual((await readdir(dist)).sort(), (await readdir(fresh)).sort())
    for (const name of await readdir(fresh)) {
      assert.equal(await readFile(join(dist, name), 'utf8'), await readFile(join(fresh, name), 'utf8'), `${name} is old: npm run build`)
    }
  } finally {
    await rm(fresh, { recursive: true })
  }
  assert.equal(await readFile(demo, 'utf8'), code, 'the copy in the demo is another: npm run build')
})

test('the package holds the built files and no more', async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
  const [{ files, name }] = JSON.parse(stdout)
  assert.equal(name, 'wxlogin-miniprogram')
  assert.deepEqual(files.map(({ path }) => path).sort(), ['LICENSE', 'README.md', 'miniprogram_dist/index.d.ts', 'miniprogram_dist/index.js', 'package.json'])
  assert.equal(await readFile(join(root, 'LICENSE'), 'utf8'), await readFile(join(root, '..', '..', 'LICENSE'), 'utf8'))
})

test('the package needs no other', async () => {
  const { dependencies, peerDependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined])
  for (const version of Object.values(devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/)
})

function walk (node, see) {
  see(node)
  for (const part of Object.values(node)) {
    for (const child of Array.isArray(part) ? part : [part]) if (child && typeof child.type === 'string') walk(child, see)
  }
}
