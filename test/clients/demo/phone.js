'use strict'
// A phone with the demo on it: its App and its Pages, as WeChat would run them, drawn by
// miniprogram-simulate, over the real network.
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { JSDOM } = require('jsdom')

const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>')
for (const name of ['window', 'document', 'CustomEvent', 'TouchEvent']) global[name] = window[name] || window
const simulate = require('miniprogram-simulate')
const { makeWx } = require('../wx')

const demo = path.resolve(__dirname, '../../../clients/demo')
const { SERVICE, SIMULATOR } = process.env
const patience = Number(process.env.PATIENCE) || 15000 // ms that anything may take on a machine that is busy

// WeChat's own compiler is in the package for these; j-component's is for the others.
const compiler = process.arch === 'x64' || process.platform === 'darwin' ? 'official' : 'simulate'

// What a mini program has, and what Node has and a mini program has not.
const given = ['wx', 'App', 'Page', 'getApp', 'getCurrentPages']
const lacking = ['window', 'document', 'process', 'Buffer', 'fetch', 'URL', 'URLSearchParams', 'TextEncoder', 'crypto', 'structuredClone', 'localStorage', 'global', 'globalThis']
let world // of the phone whose files are being loaded

// The demo's files get their phone's `wx`, and the addresses of this test's service.
const plain = Module._extensions['.js']
Module._extensions['.js'] = (module, file) => {
  if (!file.startsWith(demo + path.sep)) return plain(module, file)
  let code = fs.readFileSync(file, 'utf8')
  if (file === path.join(demo, 'config.js')) code = replaced(replaced(code, 'http://127.0.0.1:8080', SERVICE), 'http://127.0.0.1:8081', SIMULATOR)
  module.world = world
  module._compile(`const { ${given} } = module.world, { ${lacking} } = {}; ${code}`, file)
}

function replaced (code, from, to) {
  if (!code.includes(`'${from}'`)) throw new Error('config.js does not say ' + from)
  return code.replace(`'${from}'`, JSON.stringify(to))
}

// Page() as a component: that is what miniprogram-simulate can draw. A page's functions
// are a component's methods; it has its own data and setData.
function page ({ data, ...methods }) {
  for (const [name, value] of Object.entries(methods)) {
    if (typeof value !== 'function') throw new Error('a page of the tests has functions and data, not ' + name)
  }
  global.Component({
    data,
    methods,
    lifetimes: {
      created () {
        const { setData } = this
        this.setData = (changes, then) => {
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined) throw new Error(`setData: ${name} is undefined, which WeChat does not take`)
          }
          setData.call(this, changes, then)
        }
      },
    },
  })
}

/** A phone of person's. In the tool it is WeChat's developer tool, with the tourist's AppID. */
function makePhone ({ person, model = 'iPhone 15', inTool = false, meddle } = {}) {
  const phone = makeWx({ simulator: SIMULATOR, person, meddle })
  const { wx } = phone
  let modules = {}
  let app
  let stack = []
  phone.modals = []
  phone.toasts = []

  Object.assign(wx, {
    getDeviceInfo: () => ({ model, platform: 'ios' }),
    getAccountInfoSync: () => ({ miniProgram: inTool ? { appId: 'touristappid', envVersion: 'develop' } : { appId: 'wxsimulator000001', envVersion: 'release' } }),
    showModal (options) {
      for (const text of [options.confirmText, options.cancelText]) {
        if (text && text.length > 4) throw new Error('showModal: a button of more than four characters: ' + text)
      }
      phone.modals.push(options)
    },
    showToast: ({ title }) => { phone.toasts.push(title) },
    stopPullDownRefresh () {},
    navigateTo: ({ url }) => open(url),
    reLaunch: ({ url }) => { close(); open(url) },
  })
  if (inTool) wx.login = () => { throw new Error('the demo must not ask a tourist for a code') }

  // Several phones may run at once, each with modules of its own.
  function inside (act) {
    const ours = (file) => file.startsWith(demo + path.sep)
    for (const file of Object.keys(require.cache).filter(ours)) delete require.cache[file]
    Object.assign(require.cache, modules)
    world = { wx, App: (options) => { app = options }, Page: page, getApp: () => app, getCurrentPages: () => stack.map(({ instance }) => instance) }
    try {
      act()
    } finally {
      modules = Object.fromEntries(Object.entries(require.cache).filter(([file]) => ours(file)))
    }
  }

  function open (url) {
    inside(() => {
      const file = path.join(demo, url)
      if (!JSON.parse(fs.readFileSync(path.join(demo, 'app.json'))).pages.includes(url.slice(1))) throw new Error('app.json has no page ' + url)
      const drawn = simulate.render(simulate.load(file, { rootPath: demo, compiler }))
      drawn.attach(window.document.body)
      stack.push(drawn)
    })
    call('onLoad', {})
    call('onShow')
  }

  function close () {
    while (stack.length) {
      call('onUnload')
      stack.pop().detach()
    }
  }

  function call (name, ...args) {
    const { instance } = stack[stack.length - 1]
    if (instance[name]) instance[name](...args)
  }

  phone.start = () => {
    close()
    modules = {}
    inside(() => require(path.join(demo, 'app.js')))
    app.onLaunch({ path: 'pages/index/index', query: {} })
  }

  phone.launch = () => {
    phone.start()
    open('/pages/index/index')
  }

  phone.close = close
  phone.back = () => {
    call('onUnload')
    stack.pop().detach()
    call('onShow')
  }
  phone.pullDown = () => call('onPullDownRefresh')

  const top = () => stack[stack.length - 1]
  phone.text = () => !top() ? '(no page)' : top().dom.textContent.replace(/\s+/g, ' ').trim()
  phone.all = (selector) => top().querySelectorAll(selector)
  phone.has = (selector) => Boolean(top().querySelector(selector))
  phone.attribute = (element, name) => (element._exparserNode._vt.attrs.find((attribute) => attribute.name === name) || {}).value

  phone.find = (selector, which = () => true) => {
    const found = phone.all(selector).filter(which)
    if (found.length !== 1) throw new Error(`${found.length} of ${selector} on: ${phone.text()}`)
    return found[0]
  }

  /** Waits until it holds. */
  phone.until = async (what, holds) => {
    for (const end = Date.now() + patience; !holds();) {
      if (Date.now() > end) throw new Error(`not within ${patience} ms: ${what}; the page says: ${phone.text()}`)
      await sleep(5)
    }
  }
  phone.says = (text) => phone.until('the page says ' + text, () => phone.text().includes(text))
  phone.idle = () => phone.until('nothing is being done', () => top().data.busy === '' && top().data.view !== 'loading')

  function enabled (element) {
    if (phone.attribute(element, 'disabled')) throw new Error('the button is disabled on: ' + phone.text())
    return element
  }

  // Selectors of miniprogram-simulate know classes, but no names of components.
  function tagged (tag, within = top()) {
    const Component = Object.getPrototypeOf(top().constructor)
    return Array.from(within.dom.querySelectorAll('wx-' + tag), (element) => new Component(element.__wxElement))
  }

  function button (attribute, value, within) {
    const found = tagged('button', within).filter((element) => phone.attribute(element, attribute) === value)
    if (found.length !== 1) throw new Error(`${found.length} buttons with ${attribute} ${value} on: ${phone.text()}`)
    return enabled(found[0])
  }

  phone.tap = (selector, which) => enabled(phone.find(selector, which)).dispatchEvent('tap')
  phone.follow = (text) => wx.navigateTo({ url: phone.attribute(phone.find('.cell', (cell) => cell.dom.textContent.trim() === text), 'url') })
  // The choice hides the page, and shows it again.
  phone.chooseAvatar = (file) => {
    button('openType', 'chooseAvatar').dispatchEvent('chooseavatar', { detail: { avatarUrl: 'wxfile://' + file } })
    call('onShow')
  }
  phone.givePhone = async (detail) => button('openType', 'getPhoneNumber').dispatchEvent('getphonenumber', { detail: detail || await phone.tapPhone() })

  /** Types into the form's inputs and taps its button. */
  phone.submit = (selector, ...typed) => {
    const form = phone.find(selector)
    button('formType', 'submit', form)
    const value = {}
    tagged('input', form).forEach((input, i) => { value[phone.attribute(input, 'name')] = typed[i] })
    form.dispatchEvent('submit', { detail: { value } })
  }

  /** Answers the modal that asks this, as soon as it does. */
  phone.answer = async (question, confirm) => {
    const asks = ({ title, content }) => (title + content).includes(question)
    await phone.until('it is asked ' + question, () => phone.modals.some(asks))
    const at = phone.modals.findIndex(asks)
    const [{ success, complete }] = phone.modals.splice(at, 1)
    const result = { confirm, cancel: !confirm, errMsg: 'showModal:ok' }
    if (success) success(result)
    if (complete) complete(result)
  }

  /** The requests since the last call, as "POST /v1/login 200". */
  let seen = 0
  phone.answered = () => phone.calls.slice(seen).filter(({ statusCode }) => statusCode).length
  phone.requests = () => {
    const calls = phone.calls.slice(seen)
    seen = phone.calls.length
    return calls.map(({ method, url, statusCode }) => `${method} ${url.replace(SERVICE, '').replace(SIMULATOR, '')} ${statusCode}`)
  }

  return phone
}

module.exports = { makePhone, demo, SERVICE, SIMULATOR, sleep }
