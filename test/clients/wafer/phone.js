'use strict'
// A phone with a mini program that uses Tencent's wafer2 client SDK as it was
// published, and the service seen from beside. One phone is in use at a time: the
// SDK knows a global `wx`.
const assert = require('node:assert/strict')
const { makeWx } = require('../wx.js')

const { SERVICE: service, SIMULATOR: simulator } = process.env
if (!service) throw new Error('go test ./test/clients runs this')

const loginUrl = service + '/weapp/login'
const userUrl = service + '/weapp/user'
const sessionKey = 'weapp_session_F2C224D4-2BCE-4C64-AF9F-A6D872000D1A'

/** The simulator's management. */
async function sim (path, data) {
  const response = await fetch(simulator + path, { method: 'POST', headers: { Accept: 'application/json' }, body: JSON.stringify(data) })
  const text = await response.text()
  assert.ok(response.ok, text)
  return JSON.parse(text)
}

/** What wx.getUserInfo gives person's mini program. */
const userInfo = (person) => sim('/sim/opendata', { person, kind: 'userinfo' })

/** Takes a phone into use. getUserInfo may give something else than person's own. */
function take (person, { getUserInfo = () => userInfo(person), storage } = {}) {
  const phone = makeWx({ simulator, person, storage })
  globalThis.wx = {
    ...phone.wx,
    getUserInfo ({ success, fail }) { getUserInfo().then(success, fail) },
    onSocketOpen () {}, onSocketClose () {}, onSocketMessage () {}, onSocketError () {},
  }
  phone.session = () => globalThis.wx.getStorageSync(sessionKey) || null
  phone.setSkey = (skey) => globalThis.wx.setStorageSync(sessionKey, { ...phone.session(), skey })
  phone.paths = () => phone.calls.map(({ url }) => new URL(url).pathname)
  phone.answers = () => phone.calls.map(({ answer }) => JSON.parse(answer))
  return phone
}

take('nobody') // the SDK asks for `wx` as it is loaded
const sdk = require('wafer2-client-sdk')
sdk.setLoginUrl(loginUrl)

const calling = (act, options) => new Promise((resolve, reject) => act({ ...options, success: resolve, fail: reject }))
const login = () => calling(sdk.login)
const loginWithCode = () => calling(sdk.loginWithCode)
const request = (options) => calling(sdk.request, { url: userUrl, ...options })

/** The service, without the SDK. */
async function api (method, path, { token, data } = {}) {
  const response = await fetch(service + path, {
    method,
    headers: { ...(token && { Authorization: 'Bearer ' + token }), ...(data && { 'Content-Type': 'application/json' }) },
    ...(data && { body: JSON.stringify(data) }),
  })
  const text = await response.text()
  return { status: response.status, data: text && JSON.parse(text) }
}

/** A session that person begins in another way. */
const elsewhere = async (person) => (await api('POST', '/v1/login', { data: { code: (await sim('/sim/code', { person })).code } })).data

module.exports = { sdk, take, calling, login, loginWithCode, request, sim, userInfo, api, elsewhere, sessionKey, service, loginUrl, userUrl }
