// Runs the README's profile.js and page.js as phones would, with its session.js
// beside them, against a real service: what WeChat's own "wx" does is played here. Run by the Go
// tests.
//
//   node profile.mjs APPID PROFILE.JS PICTURE PHONECODE CODE...
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [appId, file, picture, phoneCode, ...codes] = process.argv.slice(2)
let stored = new Map() // the phone's that is in hand
const sent = []
let modal // what the person is asked
let losing // the request whose next answer is lost
let spoiled = 0 // how many uploads carry a token that is none
let proxied // what a proxy answers instead of the service

function request ({ url, method, data, header, success, fail }) {
  sent.push(method + ' ' + new URL(url).pathname)
  const headers = { 'content-type': 'application/json', ...header }
  fetch(url, { method, headers, body: data === undefined ? undefined : JSON.stringify(data) }).then(async (res) => {
    const text = await res.text()
    if (method + ' ' + new URL(url).pathname === losing) {
      losing = undefined
      return fail({ errMsg: 'request:fail timeout' })
    }
    success({ statusCode: res.status, data: text ? JSON.parse(text) : '' })
  }, fail)
}

// It knows POST only, and hands over whatever comes as a text.
function uploadFile ({ url, filePath, name, header, success, fail }) {
  sent.push('POST ' + new URL(url).pathname)
  if (proxied) return success(proxied)
  const body = new FormData()
  body.append(name, new Blob([readFileSync(filePath)]), 'tmp_6fd1.png')
  const headers = spoiled-- > 0 ? { ...header, Authorization: 'Bearer spoiled' } : header
  fetch(url, { method: 'POST', headers, body }).then(async (res) => success({ statusCode: res.status, data: await res.text() }), fail)
}

// WeChat refuses longer words on the buttons.
function showModal (asked) {
  assert.equal(modal, undefined)
  for (const word of [asked.confirmText, asked.cancelText]) assert.ok(word === undefined || word.length <= 4)
  modal = asked
}

// The person answers what is asked.
async function say (confirm, question) {
  const { content, success } = modal
  assert.match(content, question)
  modal = undefined
  await success({ confirm, cancel: !confirm })
}

globalThis.wx = {
  showModal,
  getAccountInfoSync: () => ({ miniProgram: { appId } }),
  request,
  uploadFile,
  login: async () => ({ code: codes.shift() }),
  getDeviceInfo: () => ({ model: 'iPhone 15', platform: 'ios' }),
  getRandomValues: ({ length, success }) => success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
  getStorageSync: (name) => structuredClone(stored.get(name)) ?? '',
  setStorageSync: (name, value) => stored.set(name, structuredClone(value)),
  removeStorageSync: (name) => stored.delete(name),
}

const load = createRequire(file)
const session = load('./session')
const profile = load('./profile')
let page
globalThis.Page = (made) => { page = made }
load('./page')
const tokens = () => stored.get('tokens')
const times = (line) => sent.filter((s) => s === line).length
const refreshes = () => times('POST /v1/token/refresh')
const refuses = (promise, statusCode, code) => assert.rejects(promise, (error) => {
  assert.deepEqual([error.statusCode, error.code], [statusCode, code])
  return true
})

// The page logs in before the first tap.
await page.onLoad()
assert.equal(times('POST /v1/login'), 1)
const me = await session.request('GET', '/v1/me')
assert.deepEqual([me.nickname, me.avatarUrl, me.phone], [undefined, undefined, undefined])

// A nickname that WeChat cleared changes nothing.
assert.equal((await profile.setNickname(' Ada 🐼 ')).nickname, 'Ada 🐼')
await refuses(profile.setNickname(''), 400, 'invalid_request')
assert.equal((await session.request('GET', '/v1/me')).nickname, 'Ada 🐼')
assert.equal(refreshes(), 0)

// An upload whose token is refused is made again with a new one.
spoiled = 1
const { avatarUrl } = await profile.setAvatar(picture)
assert.deepEqual([times('POST /v1/me/avatar'), refreshes()], [2, 1])
const seen = await fetch(avatarUrl)
assert.deepEqual([seen.status, seen.headers.get('content-type')], [200, 'image/jpeg'])
assert.deepEqual([...new Uint8Array(await seen.arrayBuffer()).slice(0, 3)], [0xff, 0xd8, 0xff])

// One whose token has ended is made once: it is renewed before.
tokens().accessToken = 'spoiled'
const next = await profile.setAvatar(picture)
assert.deepEqual([times('POST /v1/me/avatar'), refreshes()], [3, 2])
assert.notEqual(next.avatarUrl, avatarUrl)

// What is no picture is refused, and so is what a proxy finds too large.
await refuses(profile.setAvatar(file), 422, 'avatar_invalid')
proxied = { statusCode: 413, data: '<html>Request Entity Too Large</html>' }
await refuses(profile.setAvatar(picture), 413, undefined)
proxied = undefined

// A phone code that is wrong, or was used, is no reason to renew the session.
assert.equal((await profile.bindPhone(phoneCode)).phone, '135****6666')
for (const wrong of [phoneCode, 'made-up']) await refuses(profile.bindPhone(wrong), 401, 'phone_code_invalid')
assert.deepEqual([refreshes(), times('POST /v1/login')], [2, 1])
assert.equal((await session.request('GET', '/v1/me')).phone, '135****6666')
await profile.removePhone()
assert.equal((await session.request('GET', '/v1/me')).phone, undefined)

// Who leaves is logged out.
const logins = () => times('POST /v1/login')
const phone = stored
const tablet = new Map()
stored = tablet
assert.equal((await session.request('GET', '/v1/me')).id, me.id)
stored = phone
const last = tokens().accessToken
const deletionAt = await session.leave()
assert.ok(new Date(deletionAt) > new Date())
assert.deepEqual([tokens(), stored.get('left')], [undefined, deletionAt])
const after = await fetch(session.base + '/v1/me', { headers: { authorization: 'Bearer ' + last } })
assert.deepEqual([after.status, (await after.json()).code], [401, 'session_revoked'])

// Nothing on that phone logs in by itself: not a request, not the page, not who
// leaves again.
const left = (promise) => refuses(promise, undefined, 'left')
await left(session.request('GET', '/v1/me'))
await page.onLoad()
await say(false, /^You have deleted your account/)
assert.equal(await session.leave(), deletionAt)
assert.deepEqual([times('DELETE /v1/me'), logins(), tokens()], [1, 2, undefined])

// Who says so comes back, and has it all.
await page.onLoad()
await say(true, /^You have deleted your account/)
assert.deepEqual([tokens().restored, stored.get('left'), modal], [true, undefined, undefined])
const back = await session.request('GET', '/v1/me')
assert.deepEqual([back.id, back.nickname, back.avatarUrl], [me.id, 'Ada 🐼', next.avatarUrl])

// Another device knows nothing of it, and takes the deletion back. It says so.
const takenBack = /^Logging in has taken back the deletion of your account/
await session.leave()
stored = tablet
assert.equal((await session.request('GET', '/v1/me')).id, me.id)
await say(false, takenBack)
assert.deepEqual([tokens().restored, stored.get('left')], [true, undefined])

// Who is asked there may delete it again, and is asked again where that fails.
stored = phone
await session.comeBack() // to what nobody has left any more
await session.leave()
stored = tablet
await session.request('GET', '/v1/me')
losing = 'DELETE /v1/me'
await say(true, takenBack)
await say(true, takenBack)
assert.deepEqual([tokens(), stored.get('left')], [undefined, true])
await left(session.request('GET', '/v1/me'))
await session.comeBack()
assert.equal((await session.request('GET', '/v1/me')).nickname, 'Ada 🐼')

// A token that has ended is renewed for it, and nobody logs in.
const before = logins()
tokens().accessToken = 'spoiled'
assert.ok(new Date(await session.leave()) > new Date())
assert.deepEqual([logins(), refreshes() > 2], [before, true])
await session.comeBack()

// A deletion whose answer is lost is one.
losing = 'DELETE /v1/me'
await refuses(session.leave(), undefined, undefined)
assert.equal(await session.leave(), true)
assert.deepEqual([logins(), tokens()], [before + 1, undefined])
await session.comeBack()

// A session that was ended for another reason is no deletion, and is not taken for one.
await fetch(session.base + '/v1/logout', { method: 'POST', headers: { authorization: 'Bearer ' + tokens().accessToken } })
await assert.rejects(session.leave(), /not logged in/)
assert.deepEqual([logins(), stored.get('left')], [before + 2, undefined])
assert.equal((await session.request('GET', '/v1/me')).id, me.id)
assert.deepEqual([tokens().restored, modal], [undefined, undefined])
console.log('done')
