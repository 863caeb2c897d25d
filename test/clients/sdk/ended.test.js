'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, fifty, fiftySucceed, rejects, tokens, sessionOf, startSpoiled, api, gate, on, operator, unban, until, pause, spoil, clock, minute } = require('./world.js')

const verified = async (token) => (await api('GET', '/v1/verify', { token })).status

test('a session that was ended elsewhere is replaced by one silent login', async () => {
  const { phone, client } = start()
  await client.login()
  const session = sessionOf(phone)
  const other = start({ person: phone.person })
  await other.client.logoutEverywhere()
  await until(async () => await verified(tokens(phone).access) === 401)
  const lost = []
  client.onSessionLost((error) => lost.push(error))
  await fiftySucceed(client)
  assert.ok(refreshes(phone).length <= 1)
  assert.equal(phone.logins, 2)
  assert.equal(logins(phone).length, 2)
  assert.notEqual(sessionOf(phone), session)
  assert.deepEqual(lost, [])
  // Where it was asked for, it is a logout.
  assert.equal(other.client.state(), 'out')
  await rejects(other.client.request('/v1/me'), 'logged_out')
})

test('a logout everywhere of which nothing is known changes nothing here', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = ({ url }) => url.endsWith('/v1/logout/all') ? { drop: 'request' } : undefined
  await rejects(client.logoutEverywhere(), 'network_error')
  assert.equal(client.state(), 'in')
  await fiftySucceed(client)
  assert.equal(phone.logins, 1)
})

test('a banned user is told once, and nobody logs in again and again', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const other = start({ person: phone.person })
  await other.client.login()
  spoil(other.phone)
  const spoiled = restart(other.phone)
  const lost = []
  client.onSessionLost((error) => lost.push(error))
  const lostThere = []
  spoiled.client.onSessionLost((error) => lostThere.push(error))
  operator('ban', user.id)
  await until(async () => (await api('GET', '/v1/me', { token: tokens(phone).access })).status !== 200) // 403 at first, 401 as soon as it hears of the revocation
  const errors = await fifty(() => rejects(client.request('/v1/me'), 'user_banned'))
  for (const { statusCode } of errors) assert.equal(statusCode, 403)
  for (let i = 0; i < 5; i++) await fifty(() => rejects(client.request('/v1/me'), 'user_banned'), 5)
  await until(() => lost.length > 0)
  // The other phone learns it by a refused refresh.
  await fifty(() => rejects(spoiled.client.request('/v1/me'), 'user_banned'))
  for (let i = 0; i < 5; i++) await fifty(() => rejects(spoiled.client.request('/v1/me'), 'user_banned'), 5)
  await until(() => lostThere.length > 0)
  await pause(30)
  assert.deepEqual(lost.map(({ code }) => code), ['user_banned'])
  assert.deepEqual(lostThere.map(({ code }) => code), ['user_banned'])
  assert.ok(phone.logins <= 2, `${phone.logins} logins`)
  assert.ok(spoiled.phone.logins <= 2, `${spoiled.phone.logins} logins`)
  await rejects(client.login(), 'user_banned')
  await unban(user.id)
  assert.equal((await client.login()).user.id, user.id)
  assert.equal((await spoiled.client.login()).user.id, user.id)
  await fiftySucceed(client)
  await fiftySucceed(spoiled.client)
})

test('a banned user is asked for again after a while, and let in by then', async (t) => {
  const { phone, client, user } = await banned()
  await rejects(client.request('/v1/me'), 'user_banned')
  await unban(user.id)
  const before = phone.logins
  await rejects(client.request('/v1/me'), 'user_banned')
  assert.equal(phone.logins, before)
  t.after(clock.right)
  clock.shift(5 * minute)
  await fiftySucceed(client)
  assert.equal(phone.logins, before + 1)
})

test('a person who is banned at a cold start is refused, and let in again', async () => {
  const first = start()
  const { user } = await first.client.login()
  operator('ban', user.id)
  const { phone, client } = start({ person: first.phone.person })
  await fifty(() => rejects(client.request('/v1/me'), 'user_banned'))
  assert.equal(logins(phone).length, 1)
  await unban(user.id)
  await client.login()
  await fiftySucceed(client)
})

test('a logout ends the session, and nothing is sent until the next login', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const { access, refresh } = tokens(phone)
  assert.equal(await verified(access), 200)
  await client.logout()
  assert.equal(client.state(), 'out')
  assert.equal(client.user(), undefined)
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  assert.equal(await verified(access), 401)
  assert.equal((await api('POST', '/v1/token/refresh', { data: { refreshToken: refresh } })).data.code, 'refresh_invalid')
  const calls = phone.calls.length
  await fifty(() => rejects(client.request('/v1/me'), 'logged_out'))
  await rejects(client.upload({ url: '/v1/me/avatar', filePath: __filename }), 'logged_out')
  for (const act of [() => client.me(), () => client.sessions(), () => client.updateProfile({ nickname: 'x' }), () => client.bindPhone({ code: 'x' }), () => client.removePhone(), () => client.endSession('x')]) {
    await rejects(act(), 'logged_out')
  }
  await client.logout()
  const next = restart(phone)
  assert.equal(next.client.state(), 'out')
  await rejects(next.client.request('/v1/me'), 'logged_out')
  assert.equal(phone.calls.length, calls)
  assert.equal(phone.logins + next.phone.logins, 1)
  assert.deepEqual(next.phone.calls, [])
  assert.equal((await client.login()).user.id, user.id)
  assert.equal(client.state(), 'in')
  await fiftySucceed(client)
})

test('a logout that nobody hears forgets the tokens all the same', async () => {
  for (const drop of ['request', 'answer']) {
    const { phone, client } = start()
    await client.login()
    phone.meddle = () => ({ drop })
    await client.logout()
    assert.equal(client.state(), 'out')
    assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
    await rejects(client.request('/v1/me'), 'logged_out')
    phone.meddle = () => undefined
    await client.login()
    await fiftySucceed(client)
  }
})

test('a logout without a session, and many at once, are good', async () => {
  const { phone, client } = start()
  await client.logout()
  assert.deepEqual(phone.calls, [])
  await rejects(client.request('/v1/me'), 'logged_out')
  await client.login()
  await fifty(() => client.logout())
  assert.equal(sent(phone, 'POST /v1/logout').length, 1)
})

test('a logout with a token that is refused ends the session all the same', async () => {
  const { phone, client } = await startSpoiled()
  const { refresh } = tokens(phone)
  await client.logout()
  assert.equal(phone.logins, 0)
  assert.equal((await api('POST', '/v1/token/refresh', { data: { refreshToken: refresh } })).data.code, 'refresh_invalid')
})

test('a logout while requests are under way brings nobody back', async () => {
  const { phone, client } = start()
  await client.login()
  const { access } = tokens(phone)
  const late = gate()
  phone.meddle = ({ url }) => url.endsWith('/v1/me') ? { after: () => late.opened } : undefined
  const requests = fifty((i) => client.request('/v1/me').then(() => 'ok', ({ code }) => code), 20)
  await until(() => phone.calls.filter(({ statusCode }) => statusCode === 200).length === 11) // the login, and ten of them
  const logout = client.logout()
  late.open()
  await logout
  for (const end of await requests) assert.ok(['ok', 'logged_out', 'session_revoked'].includes(end), end)
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  assert.equal(client.state(), 'out')
  assert.equal(phone.logins, 1)
  assert.equal(refreshes(phone).length, 0)
  assert.equal(await verified(access), 401)
})

test('a logout while the session is renewed stays one', async () => {
  const { phone, client } = await startSpoiled()
  const late = gate()
  let renewed
  phone.meddle = on('/v1/token/refresh', { after: async (answer) => { renewed = JSON.parse(answer.data).accessToken; await late.opened } })
  const requests = fifty(() => client.request('/v1/me').then(() => 'ok', ({ code }) => code))
  await until(() => renewed)
  const logout = client.logout()
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  late.open()
  await logout
  for (const end of await requests) assert.equal(end, 'logged_out')
  await pause(20)
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  assert.equal(client.state(), 'out')
  assert.equal(phone.logins, 0)
  await rejects(client.request('/v1/me'), 'logged_out')
  await until(async () => await verified(renewed) === 401)
})

test('a logout while a login is under way ends what the login brings', async () => {
  const late = gate()
  let brought
  const { phone, client } = start({ meddle: on('/v1/login', { after: async (answer) => { brought = JSON.parse(answer.data).accessToken; await late.opened } }) })
  const requests = fifty(() => client.request('/v1/me').then(() => 'ok', ({ code }) => code))
  const login = client.login().then(() => 'ok', ({ code }) => code)
  await until(() => brought)
  await client.logout()
  late.open()
  for (const end of [await login, ...await requests]) assert.equal(end, 'logged_out')
  await until(async () => await verified(brought) === 401)
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  assert.equal(client.state(), 'out')
  await rejects(client.request('/v1/me'), 'logged_out')
  await client.login()
  await fiftySucceed(client)
})

test('a login after a logout while a login was under way waits for that, and is its own', async () => {
  const late = gate()
  let n = 0
  const { phone, client } = start({ meddle: ({ url }) => url.endsWith('/v1/login') && ++n === 1 ? { after: () => late.opened } : undefined })
  const first = client.login().then(() => 'ok', ({ code }) => code)
  await until(() => logins(phone)[0]?.statusCode === 200)
  await client.logout()
  const next = client.login()
  late.open()
  assert.notEqual(await first, 'ok')
  await next
  const session = sessionOf(phone)
  await pause(20)
  assert.equal(client.state(), 'in')
  assert.equal(sessionOf(phone), session)
  await fiftySucceed(client)
})

test('listeners are told, but for those who left', async () => {
  const { client } = await banned()
  const told = []
  const off = client.onSessionLost(() => told.push('left'))
  client.onSessionLost(() => told.push('first'))
  client.onSessionLost(() => told.push('second'))
  off()
  off()
  await rejects(client.request('/v1/me'), 'user_banned')
  await until(() => told.length >= 2)
  await pause(20)
  assert.deepEqual(told, ['first', 'second'])
})

test('a listener that throws breaks nothing', async (t) => {
  // Whatever is thrown is caught where a phone's timers catch it, and noted.
  const thrown = []
  const real = globalThis.setTimeout
  globalThis.setTimeout = (act, ms, ...given) => real(() => { try { act(...given) } catch (error) { thrown.push(error) } }, ms)
  t.after(() => { globalThis.setTimeout = real })
  const { client } = await banned()
  const told = []
  client.onSessionLost(() => { throw new Error('mine') })
  client.onSessionLost(({ code }) => told.push(code))
  await fifty(() => rejects(client.request('/v1/me'), 'user_banned'))
  await until(() => told.length > 0)
  assert.deepEqual(told, ['user_banned'])
  for (const { message } of thrown) assert.equal(message, 'mine')
})

test('a listener may ask the client', async () => {
  const { client } = await banned()
  const seen = new Promise((resolve) => client.onSessionLost(() => resolve([client.state(), client.user()])))
  await rejects(client.request('/v1/me'), 'user_banned')
  assert.deepEqual(await seen, ['in', undefined])
})

// A phone with the session of a user who has just been banned.
async function banned () {
  const { phone, client } = start()
  const { user } = await client.login()
  operator('ban', user.id)
  await until(async () => (await api('GET', '/v1/me', { token: tokens(phone).access })).status !== 200) // 403 at first, 401 as soon as it hears of the revocation
  return { phone, client, user }
}
