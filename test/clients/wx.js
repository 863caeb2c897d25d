'use strict'
// A phone for tests: the part of `wx` that the SDK and the demo use, over the real
// network. wx.login asks the simulator for a code, as a phone asks WeChat. As on a
// phone, ten requests are under way at most, and PATCH is not among the methods.
const { randomBytes } = require('node:crypto')
const { readFile } = require('node:fs/promises')
const { basename } = require('node:path')

const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const atOnce = 10

/**
 * @param {object} options
 * @param {string} options.simulator Where the simulator's management is, http://127.0.0.1:8081
 * @param {string} [options.person] Whose phone it is
 * @param {string} [options.app] The AppID; the simulator's first one unless given
 * @param {Map<string, string>} [options.storage] Another phone's storage: the same phone, started again
 * @param {(call: {api: string, url: string, method: string, header: object, data: any}) => any} [options.meddle]
 *   Called before each request, and with api 'login' before each wx.login. It may return
 *   {drop: 'request'}: nothing is sent; {drop: 'answer'}: it is sent, and its answer is
 *   lost; {answer: {statusCode, data, header}}: something else answers, or {answer: {code}};
 *   {after: (answer) => …}: called with the answer, it may return another, throw, or wait.
 *   A promise of one of these will do.
 */
function makeWx ({ simulator, person = 'alice', app, storage = new Map(), meddle = () => undefined }) {
  const calls = [] // {api, url, method, header, data, statusCode, answer}, in the order in which they were made
  const phone = { storage, calls, person, meddle, logins: 0 }
  const waiting = []
  let underWay = 0

  const ask = async (path) => {
    const response = await fetch(simulator + path, { method: 'POST', body: JSON.stringify({ person: phone.person, ...(app && { app }) }), headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error('the simulator says ' + response.status)
    return (await response.json()).code
  }

  // Resolves to {statusCode, data, header}, or rejects where no answer came.
  async function send (call, init, url = call.url) {
    calls.push(call)
    if (underWay >= atOnce) await new Promise((resolve) => waiting.push(resolve))
    underWay++
    try {
      const meddled = await phone.meddle(call) || {}
      const answer = meddled.answer ? { header: {}, ...meddled.answer } : await answerOf(call, init, url, meddled)
      call.statusCode = answer.statusCode
      return (meddled.after && await meddled.after(answer)) || answer
    } finally {
      underWay--
      if (waiting.length) waiting.shift()()
    }
  }

  async function answerOf (call, init, url, { drop }) {
    if (drop === 'request') throw new Error('dropped')
    const response = await fetch(url, init)
    call.statusCode = response.status
    call.answer = await response.text()
    if (drop === 'answer') throw new Error('dropped')
    return { statusCode: response.status, data: call.answer, header: Object.fromEntries(response.headers) }
  }

  const settle = (promise, { success, fail, complete }, failed) => {
    promise.then((result) => { success && success(result); complete && complete(result) },
      (error) => { const failure = { errMsg: `${failed}:fail ${error.message}` }; fail && fail(failure); complete && complete(failure) })
  }

  phone.wx = {
    login (options) {
      phone.logins++
      const act = async () => {
        const { drop, answer, after } = await phone.meddle({ api: 'login', url: '', method: '', header: {} }) || {}
        if (drop === 'request') throw new Error('dropped')
        const result = answer || { code: await ask('/sim/code'), errMsg: 'login:ok' }
        return (after && await after(result)) || result
      }
      settle(act(), options, 'login')
    },
    request (options) {
      let { url, method = 'GET', data, header = {} } = options
      method = method.toUpperCase()
      const act = async () => {
        if (!methods.includes(method)) throw new Error('method is invalid')
        const init = { method, headers: { 'Content-Type': 'application/json', ...header } }
        if (data !== undefined) {
          if (method === 'GET') url += (url.includes('?') ? '&' : '?') + new URLSearchParams(data)
          else init.body = typeof data === 'string' ? data : JSON.stringify(data)
        }
        const answer = await send({ api: 'request', url: options.url, method, header, data }, init, url)
        if (typeof answer.data !== 'string' || (options.dataType && options.dataType !== 'json')) return answer
        try { return { ...answer, data: JSON.parse(answer.data) } } catch { return answer }
      }
      settle(act(), options, 'request')
    },
    uploadFile (options) {
      const { url, filePath, name, formData = {}, header = {} } = options
      const act = async () => {
        const form = new FormData()
        form.append(name, new Blob([await readFile(filePath.replace(/^wxfile:\/\//, ''))], { type: 'image/png' }), basename(filePath))
        for (const key of Object.keys(formData)) form.append(key, formData[key])
        return send({ api: 'uploadFile', url, method: 'POST', header, data: filePath }, { method: 'POST', headers: header, body: form })
      }
      settle(act(), options, 'uploadFile')
    },
    getRandomValues ({ length, success }) {
      const bytes = randomBytes(length)
      success({ randomValues: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + length) })
    },
    getStorageSync: (key) => storage.has(key) ? JSON.parse(storage.get(key)) : '',
    setStorageSync: (key, value) => { storage.set(key, JSON.stringify(value)) },
    removeStorageSync: (key) => { storage.delete(key) },
    getDeviceInfo: () => ({ model: 'iPhone 15', platform: 'ios' }),
    getAccountInfoSync: () => ({ miniProgram: { appId: app || '' } }),
  }

  /** What event.detail of the phone button is. */
  phone.tapPhone = async () => ({ errMsg: 'getPhoneNumber:ok', code: await ask('/sim/phonecode') })

  return phone
}

module.exports = { makeWx }
