// Runs the README's session.js as a phone would, against a real service: what
// WeChat's own "wx" does is played here, answers that get lost included. Run by
// the Go tests.
//
//   node phone.mjs SESSION.CJS BASE APPID CODE...
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const [file, base, appId, ...codes] = process.argv.slice(2)
const stored = new Map()
const sent = []
let losing // the path whose next answer is lost
let late = 0 // how many refusals come late

function request ({ url, method, data, header, success, fail }) {
  const { pathname } = new URL(url)
  sent.push(pathname)
  const headers = { 'content-type': 'application/json', ...header }
  fetch(url, { method, headers, body: data === undefined ? undefined : JSON.stringify(data) }).then(async (res) => {
    const text = await res.text()
    if (pathname === losing) {
      losing = undefined
      return fail({ errMsg: 'request:fail timeout' })
    }
    if (res.status === 401 && late-- > 0) await new Promise((resolve) => setTimeout(resolve, 300))
    success({ statusCode: res.status, data: text ? JSON.parse(text) : '' })
  }, fail)
}

globalThis.wx = {
  request,
  login: async () => ({ code: codes.shift() }),
  getAccountInfoSync: () => ({ miniProgram: { appId } }),
  getDeviceInfo: () => ({ model: 'iPhone 15', platform: 'ios' }),
  getRandomValues: ({ length, success }) => success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
  getStorageSync: (name) => structuredClone(stored.get(name)) ?? '',
  setStorageSync: (name, value) => stored.set(name, structuredClone(value)),
  removeStorageSync: (name) => stored.delete(name),
}

const session = createRequire(import.meta.url)(file)
const tokens = () => stored.get('tokens')
const times = (path) => sent.filter((p) => p === path).length
const spoil = () => { tokens().accessToken = 'spoiled' }
const current = async () => (await session.request('GET', '/v1/sessions')).sessions.find((s) => s.current).id

// The first request logs in, on a device that stays the same.
const me = await session.request('GET', '/v1/me')
assert.equal(codes.length, 4)
const { sessions } = await session.request('GET', '/v1/sessions')
assert.deepEqual(sessions.map((s) => [s.current, s.device]), [[true, { id: stored.get('deviceId'), name: 'iPhone 15', platform: 'ios' }]])

// A login whose answer is lost is repeated with the same code.
stored.delete('tokens')
losing = '/v1/login'
assert.deepEqual((await session.request('GET', '/v1/me')).id, me.id)
assert.equal(codes.length, 3)
assert.equal(times('/v1/login'), 3)
assert.equal((await session.request('GET', '/v1/sessions')).sessions.length, 1)

// Requests that need a new token at the same time refresh once, and so does one
// that hears of it when that is over.
const before = await current()
spoil()
late = 1
const all = await Promise.all([1, 2, 3].map(() => session.request('GET', '/v1/me')))
assert.deepEqual(all.map((user) => user.id), [me.id, me.id, me.id])
assert.equal(times('/v1/token/refresh'), 1)

// A refresh whose answer is lost is no logout.
spoil()
losing = '/v1/token/refresh'
await assert.rejects(session.request('GET', '/v1/me'), (error) => error.statusCode === undefined)
assert.equal((await session.request('GET', '/v1/me')).id, me.id)
assert.equal(await current(), before)
assert.equal(codes.length, 3)

// A session that was ended elsewhere is followed by a new one.
await fetch(base + '/v1/logout', { method: 'POST', headers: { authorization: 'Bearer ' + tokens().accessToken } })
assert.equal((await session.request('GET', '/v1/me')).id, me.id)
assert.notEqual(await current(), before)
assert.equal(codes.length, 2)

// A logout ends the session on both sides.
const last = tokens().accessToken
await session.logout()
assert.equal(tokens(), undefined)
const after = await fetch(base + '/v1/me', { headers: { authorization: 'Bearer ' + last } })
assert.deepEqual([after.status, (await after.json()).code], [401, 'session_revoked'])
console.log('done')
