'use strict'
// Whether the demo's folder is one that WeChat's tool opens: what it would find only
// when a page is opened, or not at all.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')

const demo = path.resolve(__dirname, '../../../clients/demo')
const files = fs.readdirSync(demo, { recursive: true }).filter((name) => fs.statSync(path.join(demo, name)).isFile())
const read = (name) => fs.readFileSync(path.join(demo, name), 'utf8')
const json = (name) => JSON.parse(read(name))
const of = (...endings) => files.filter((name) => endings.includes(path.extname(name)))
const app = json('app.json')

// What a page gives to Page().
function pageOf (name) {
  const module = { exports: {} }
  let page
  const run = new Function('require', 'module', 'exports', 'Page', read(name + '.js'))
  run(() => ({}), module, module.exports, (options) => { page = options })
  return page
}

const tags = (wxml) => wxml.replace(/<!--[\s\S]*?-->/g, '').match(/<[a-z][^>]*>/g)
const attributes = (tag) => Array.from(tag.matchAll(/\s([\w:-]+)(?:="([^"]*)")?/g), ([, name, value]) => ({ name, value }))

test('every JSON file is JSON', () => {
  assert.ok(of('.json').length >= 7, files)
  for (const name of of('.json')) assert.doesNotThrow(() => json(name), name)
})

test('every page of app.json has its four files, and there is no other page', () => {
  for (const page of app.pages) {
    for (const ending of ['.js', '.json', '.wxml', '.wxss']) assert.ok(files.includes(path.normalize(page + ending)), page + ending)
  }
  assert.deepEqual(of('.wxml').map((name) => name.replace(/\.wxml$/, '').split(path.sep).join('/')).sort(), [...app.pages].sort())
  assert.ok(files.includes('app.js') && files.includes('app.wxss') && files.includes(app.sitemapLocation))
})

test('every component that is named is there', () => {
  for (const name of ['app', ...app.pages]) {
    for (const [tag, where] of Object.entries(json(name + '.json').usingComponents || {})) {
      const at = where.startsWith('/') ? where.slice(1) : path.join(path.dirname(name), where)
      assert.ok(files.includes(at + '.json') && files.includes(at + '.js'), `${name}: ${tag}`)
    }
  }
})

test('every colour of app.json is in both themes', () => {
  const theme = json(app.themeLocation)
  const names = Object.values(app.window).filter((value) => value[0] === '@').map((value) => value.slice(1))
  for (const kind of ['light', 'dark']) assert.deepEqual(Object.keys(theme[kind]).sort(), names.sort())
})

test('every handler of a page is one of its functions, and every function is used', () => {
  const called = ['onLoad', 'onShow', 'onPullDownRefresh'] // by WeChat
  for (const name of app.pages) {
    const page = pageOf(name)
    const bound = tags(read(name + '.wxml')).flatMap(attributes).filter((a) => /^(capture-)?(bind|catch)/.test(a.name)).map((a) => a.value)
    for (const handler of bound) assert.equal(typeof page[handler], 'function', `${name}: ${handler}`)
    for (const [method, value] of Object.entries(page)) {
      const used = called.includes(method) || bound.includes(method) || read(name + '.js').includes(`this.${method}(`)
      assert.ok(typeof value !== 'function' || used, `${name}: nobody calls ${method}`)
    }
    assert.equal(Boolean(json(name + '.json').enablePullDownRefresh), 'onPullDownRefresh' in page, name)
  }
})

test('every datum of a template is one of its page', () => {
  for (const name of app.pages) {
    const { data } = pageOf(name)
    const wxml = read(name + '.wxml')
    const known = [...Object.keys(data), ...(wxml.includes('wx:for') ? ['item'] : [])]
    for (const [, expression] of wxml.matchAll(/{{(.*?)}}/g)) {
      const names = expression.replace(/'[^']*'/g, '').match(/(?<![.\w])[a-z]\w*/gi) || []
      for (const datum of names) assert.ok(known.includes(datum), `${name}: ${datum} of {{${expression}}}`)
    }
  }
})

test('buttons ask for what WeChat has, and hear of the answer', () => {
  const answers = { chooseAvatar: 'bind:chooseavatar', getPhoneNumber: 'bind:getphonenumber' }
  const seen = []
  for (const name of app.pages) {
    for (const tag of tags(read(name + '.wxml'))) {
      const found = Object.fromEntries(attributes(tag).map(({ name, value }) => [name, value]))
      if (!found['open-type']) continue
      assert.ok(answers[found['open-type']] in found, tag)
      seen.push(found['open-type'])
    }
  }
  assert.deepEqual(seen.sort(), Object.keys(answers))
  assert.match(read('pages/index/index.wxml'), /<input [^>]*type="nickname" name="nickname"/)
})

test('links lead to pages', () => {
  for (const name of of('.wxml', '.js')) {
    for (const [, url] of read(name).matchAll(/url[:=] ?["'](\/pages\/[^"']*)["']/g)) assert.ok(app.pages.includes(url.slice(1)), `${name}: ${url}`)
  }
})

test('no file needs anything outside of the folder, nor a build', () => {
  for (const name of of('.js')) {
    for (const [, what] of read(name).matchAll(/require\('([^']+)'\)/g)) {
      assert.ok(what.startsWith('.'), `${name} requires ${what}`)
      assert.ok(files.includes(path.join(path.dirname(name), what) + '.js'), `${name} requires ${what}`)
    }
    assert.doesNotMatch(read(name), /^\s*(import|export) /m, name)
  }
})

test('no page knows of a token or of an address', () => {
  for (const name of of('.js').filter((name) => /^pages/.test(name) || name === 'app.js')) {
    assert.doesNotMatch(read(name), /token|Authorization|https?:|wx\.(request|login|uploadFile|setStorage)/i, name)
  }
})

test('the SDK in it is the one that is built', () => {
  const built = path.resolve(demo, '../miniprogram/miniprogram_dist/index.js')
  assert.equal(read('wxlogin/index.js'), fs.readFileSync(built, 'utf8'), 'run npm run build in clients/miniprogram')
})

test('the simulator stands in for WeChat in the development version, and nowhere else', () => {
  const on = (envVersion) => {
    const module = {}
    const wx = { getAccountInfoSync: () => ({ miniProgram: { envVersion } }) }
    new Function('require', 'module', 'wx', read('simulator.js'))(() => ({ simulator: 'http://127.0.0.1:8081' }), module, wx)
    return module.exports.on
  }
  assert.deepEqual(['develop', 'trial', 'release', undefined].map(on), [true, false, false, false])
})

test("the tool opens it with the tourist's AppID, and lets it ask this machine", () => {
  const project = json('project.config.json')
  assert.equal(project.appid, 'touristappid')
  assert.equal(project.compileType, 'miniprogram')
  assert.ok(files.includes(path.join(project.miniprogramRoot, 'app.json')))
  assert.equal(project.setting.urlCheck, false)
})
