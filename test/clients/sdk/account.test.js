'use strict'
const assert = require('node:assert/strict')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { deflateSync } = require('node:zlib')
const { after, test } = require('node:test')
const { start, restart, sent, logins, refreshes, refused, fiftySucceed, rejects, tokens, startSpoiled, sim, api, on, until, clock, minute, sessionOf, header } = require('./world.js')

const folder = mkdtempSync(join(tmpdir(), 'wxlogin-sdk-'))
after(() => rmSync(folder, { recursive: true }))

// A PNG of 12 by 8 pixels.
const picture = join(folder, 'picture.png')
writeFileSync(picture, png(12, 8))

const binds = (phone) => sent(phone, 'PUT /v1/me/phone')
const uploads = (phone) => phone.calls.filter(({ api }) => api === 'uploadFile')

/** A phone of somebody who has a number. */
async function withNumber (options) {
  const { phone, client } = start(options)
  await sim('POST', '/sim/people', { name: phone.person, phone: '13580006666' })
  return { phone, client }
}

test('a nickname is chosen', async () => {
  const { phone, client } = start()
  const user = await client.updateProfile({ nickname: ' Ada 🐼 ' })
  assert.equal(user.nickname, 'Ada 🐼')
  assert.deepEqual(client.user(), user)
  assert.deepEqual(restart(phone).client.user(), user)
  assert.deepEqual(await client.me(), user)
})

test('a picture is uploaded', async () => {
  const { phone, client } = start()
  const user = await client.uploadAvatar('wxfile://' + picture)
  assert.match(user.avatarUrl, /\/v1\/avatars\//)
  assert.deepEqual(client.user(), user)
  assert.equal(uploads(phone).length, 1)
  assert.match(header(uploads(phone)[0], 'authorization'), /^Bearer /)
  const { status } = await fetch(process.env.SERVICE + new URL(user.avatarUrl).pathname)
  assert.equal(status, 200)
})

test('a picture whose token is refused is sent once more', async () => {
  const { phone, client, session } = await startSpoiled()
  const user = await client.uploadAvatar(picture)
  assert.match(user.avatarUrl, /./)
  assert.ok(uploads(phone).length <= 2)
  assert.equal(uploads(phone).at(-1).statusCode, 200)
  assert.equal(refreshes(phone).length, 1)
  assert.equal(sessionOf(phone), session)
})

test('what is no picture is refused with the service\'s code', async () => {
  const { client } = start()
  const file = join(folder, 'text.png')
  writeFileSync(file, 'no picture')
  const error = await rejects(client.uploadAvatar(file), 'avatar_invalid')
  assert.equal(error.statusCode, 422)
  assert.match(error.detail, /./)
  assert.match(error.requestId, /./)
})

test('a proxy\'s page in answer to an upload is no picture', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = ({ api }) => api === 'uploadFile' ? { answer: { statusCode: 413, data: '<html>413</html>' } } : undefined
  const error = await rejects(client.uploadAvatar(picture), 'http_error')
  assert.equal(error.statusCode, 413)
  phone.meddle = ({ api }) => api === 'uploadFile' ? { answer: { statusCode: 200, data: '<html>Welcome</html>' } } : undefined
  await rejects(client.uploadAvatar(picture), 'bad_answer')
  assert.match((await client.me()).id, /./)
})

test('a number is bound, and removed', async () => {
  const { phone, client } = await withNumber()
  await client.login()
  const user = await client.bindPhone(await phone.tapPhone())
  assert.equal(user.phone, '135****6666')
  assert.deepEqual(client.user(), user)
  assert.equal(binds(phone).length, 1)
  assert.equal((await client.removePhone()).phone, undefined)
  assert.equal(client.user().phone, undefined)
  assert.equal(phone.logins, 1)
})

test('a tap without a number sends nothing', async () => {
  const { phone, client } = start()
  await client.login()
  const calls = phone.calls.length
  for (const detail of [{ errMsg: 'getPhoneNumber:fail user deny' }, { errMsg: 'getPhoneNumber:ok' }, {}]) {
    const error = await rejects(client.bindPhone(detail), 'phone_refused')
    if (detail.errMsg?.includes('deny')) assert.match(error.message, /deny/)
  }
  assert.equal(phone.calls.length, calls)
})

test('a phone code that WeChat refuses is no reason to renew or to log in', async () => {
  const { phone, client } = start()
  await client.login()
  const { access } = tokens(phone)
  const error = await rejects(client.bindPhone({ errMsg: 'getPhoneNumber:ok', code: 'nonsense' }), 'phone_code_invalid')
  assert.equal(error.statusCode, 401)
  assert.equal(refreshes(phone).length, 0)
  assert.equal(phone.logins, 1)
  assert.equal(tokens(phone).access, access)
  assert.equal(binds(phone).length, 1)
})

test('a number whose answer is lost is bound', async () => {
  const { phone, client } = await withNumber()
  await client.login()
  phone.meddle = on('/v1/me/phone', { drop: 'answer' })
  const user = await client.bindPhone(await phone.tapPhone())
  assert.equal(user.phone, '135****6666')
  assert.equal(phone.logins, 1)
})

test('a number whose request is lost is bound', async () => {
  const { phone, client } = await withNumber()
  await client.login()
  phone.meddle = on('/v1/me/phone', { drop: 'request' })
  assert.equal((await client.bindPhone(await phone.tapPhone())).phone, '135****6666')
})

test('a number is bound although the token is refused', async () => {
  const { phone, client } = await startSpoiled()
  await sim('POST', '/sim/people', { name: phone.person, phone: '13580006666' })
  const user = await client.bindPhone(await phone.tapPhone())
  assert.equal(user.phone, '135****6666')
  assert.deepEqual(binds(phone).map(({ statusCode }) => statusCode), [401, 200])
  assert.equal(binds(phone)[0].data.code, binds(phone)[1].data.code)
  assert.equal(phone.logins, 0)
})

test('a login may bind the number', async () => {
  const { phone, client } = await withNumber()
  const { code } = await phone.tapPhone()
  const { user, warnings } = await client.login({ phoneCode: code })
  assert.deepEqual([user.phone, warnings], ['135****6666', []])
  assert.equal(client.user().phone, '135****6666')
  assert.equal(phone.calls.length, 1)
})

test('a login with a wrong phone code is a login with a warning', async () => {
  const { client } = start()
  const { user, warnings } = await client.login({ phoneCode: 'nonsense' })
  assert.match(user.id, /./)
  assert.deepEqual(warnings, [{ code: 'phone_code_invalid' }])
  await fiftySucceed(client)
})

test('the older button\'s data bind a first number', async () => {
  const { phone, client } = await withNumber()
  await client.login()
  const { encryptedData, iv } = await sim('POST', '/sim/opendata', { person: phone.person, kind: 'phone' })
  const result = await client.bindPhone({ errMsg: 'getPhoneNumber:ok', encryptedData, iv }).then((user) => user.phone, ({ code }) => code)
  // dev hands out session_keys, with which anybody could have made the data.
  assert.ok(['135****6666', 'phone_code_required'].includes(result), result)
  const [{ data }] = binds(phone)
  assert.deepEqual([data.encryptedData, data.iv], [encryptedData, iv])
})

test('where a user is logged in is listed, and ended', async () => {
  const { phone, client } = start()
  await client.login()
  const other = start({ person: phone.person })
  await other.client.login()
  const sessions = await client.sessions()
  assert.equal(sessions.length, 2)
  assert.equal(sessions.find(({ current }) => current).id, sessionOf(phone))
  const there = sessions.find(({ current }) => !current)
  assert.equal(there.id, sessionOf(other.phone))
  assert.ok(Date.parse(there.expiresAt) > Date.parse(there.createdAt))
  const { access } = tokens(other.phone)
  assert.equal(await client.endSession(there.id), undefined)
  await until(async () => (await api('GET', '/v1/verify', { token: access })).status === 401)
  assert.equal((await client.sessions()).length, 1)
  await rejects(client.endSession('nobody'), 'not_found')
  await rejects(client.endSession('a/b?c#d'), 'not_found')
  // The other phone logs in again by itself.
  await fiftySucceed(other.client)
  assert.equal(logins(other.phone).length, 2)
})

test('one\'s own session is ended, and the next request logs in', async () => {
  const { phone, client } = start()
  await client.login()
  const { access } = tokens(phone)
  await client.endSession(sessionOf(phone))
  assert.equal((await api('GET', '/v1/verify', { token: access })).status, 401)
  await client.request('/v1/me').then(({ statusCode }) => assert.equal(statusCode, 200), ({ code }) => assert.equal(code, 'logged_out'))
})

test('what the tap needs is fetched before it', async () => {
  const { phone, client } = await withNumber()
  await client.prepare()
  await client.prepare()
  assert.equal(phone.logins, 1)
  assert.deepEqual(phone.calls, [])
  const detail = await phone.tapPhone()
  const user = await client.bindPhone(detail)
  assert.equal(user.phone, '135****6666')
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  // A code is used once.
  await client.login({ force: true })
  assert.equal(phone.logins, 2)
  assert.notEqual(logins(phone)[1].data.code, logins(phone)[0].data.code)
})

test('a tap without a session binds in the login, and a wrong code is told', async () => {
  const { phone, client } = start()
  await client.prepare()
  await rejects(client.bindPhone({ errMsg: 'getPhoneNumber:ok', code: 'nonsense' }), 'phone_code_invalid')
  assert.equal(phone.logins, 1)
  await fiftySucceed(client)
  assert.equal(logins(phone).length, 1)
})

test('what was fetched is used by the next login, whatever it is for', async () => {
  const { phone, client } = start()
  await client.prepare()
  await fiftySucceed(client)
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
})

test('a tap while it is being prepared makes no other code', async () => {
  const { phone, client } = await withNumber()
  const preparing = client.prepare()
  const preparing2 = client.prepare()
  await client.bindPhone(await phone.tapPhone())
  await Promise.all([preparing, preparing2])
  assert.equal(phone.logins, 1)
})

test('a code that was fetched more than four minutes ago is not used', async (t) => {
  const { phone, client } = start()
  t.after(clock.right)
  const codes = []
  phone.meddle = ({ api }) => api === 'login' ? { after: ({ code }) => { codes.push(code) } } : undefined
  await client.prepare()
  clock.shift(4 * minute + 1000)
  await client.login()
  assert.equal(phone.logins, 2)
  assert.equal(logins(phone)[0].data.code, codes[1])
})

test('a code that was fetched is fetched again in time', async (t) => {
  const { phone, client } = start()
  t.after(clock.right)
  await client.prepare()
  clock.shift(4 * minute + 1000)
  await client.prepare()
  await client.login()
  assert.equal(phone.logins, 2)
  assert.equal(logins(phone).length, 1)
})

test('a prepared code that WeChat refuses is replaced', async () => {
  const { phone, client } = start()
  await client.prepare()
  // It was spent elsewhere.
  phone.meddle = on('/v1/login', { answer: { statusCode: 401, data: { code: 'code_used' } } })
  await fiftySucceed(client)
  assert.equal(phone.logins, 2)
})

test('a session that is about to end is renewed before the tap', async (t) => {
  const { phone, client } = await withNumber()
  await client.login()
  t.after(clock.right)
  await client.prepare()
  assert.equal(phone.calls.length, 1)
  clock.shift(15 * minute - 2000)
  await client.prepare()
  assert.equal(refreshes(phone).length, 1)
  assert.equal(phone.logins, 1)
  const calls = phone.calls.length
  await client.bindPhone(await phone.tapPhone())
  assert.equal(phone.calls.length, calls + 1)
  assert.deepEqual(refused(phone), [])
})

test('what cannot be prepared troubles nobody', async () => {
  const { phone, client } = start({ meddle: () => ({ drop: 'request' }) })
  await client.prepare()
  phone.meddle = () => undefined
  await fiftySucceed(client)
})

function png (width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length)
    body.copy(out, 4)
    out.writeUInt32BE(checksum(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8) // eight bits of each of three colours
  const rows = Buffer.alloc((width * 3 + 1) * height)
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function checksum (bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
