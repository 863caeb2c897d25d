'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, fifty, fiftySucceed, rejects, tokens, startSpoiled, api, gate, on, until, pause, day } = require('./world.js')

const deletions = (phone) => sent(phone, 'DELETE /v1/me')

function inAWeek (date) {
  const ms = Date.parse(date) - Date.now()
  assert.ok(ms > 6 * day && ms < 8 * day, `${date} is not in a week`)
}

test('leaving deletes the account, twice as once', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const { access } = tokens(phone)
  const date = await client.leave()
  inAWeek(date)
  assert.equal(await client.leave(), date)
  assert.equal(client.state(), 'left')
  assert.equal(client.user(), undefined)
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
  assert.equal((await api('GET', '/v1/verify', { token: access })).status, 401)
  const calls = phone.calls.length
  await fifty(() => rejects(client.request('/v1/me'), 'left'))
  await rejects(client.login(), 'left')
  await rejects(client.login({ force: true }), 'left')
  await rejects(client.upload({ url: '/v1/me/avatar', filePath: __filename }), 'left')
  await rejects(client.bindPhone({ code: 'x' }), 'left')
  await client.prepare()
  await client.logout()
  const next = restart(phone)
  assert.equal(next.client.state(), 'left')
  await rejects(next.client.request('/v1/me'), 'left')
  await rejects(next.client.login(), 'left')
  assert.equal(await next.client.leave(), date)
  assert.equal(phone.calls.length, calls)
  assert.deepEqual(next.phone.calls, [])
  assert.equal(phone.logins + next.phone.logins, 1)

  const restored = []
  const back = restart(phone, { onRestored: (result) => restored.push(result) })
  const result = await back.client.comeBack()
  assert.deepEqual([result.user.id, result.newUser, result.restored], [user.id, false, true])
  assert.equal(back.client.state(), 'in')
  await fiftySucceed(back.client)
  await pause(20)
  assert.deepEqual(restored, [])
})

test('leaving whose answer is lost is known, and may be said again', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = on('/v1/me', { drop: 'answer' })
  await rejects(client.leave(), 'network_error')
  assert.equal(client.state(), 'left')
  await rejects(client.request('/v1/me'), 'left')
  await rejects(client.login(), 'left')
  const date = await client.leave()
  if (date) inAWeek(date)
  assert.equal(await client.leave(), date)
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  assert.equal((await client.comeBack()).restored, true)
})

test('leaving whose answer is lost may be said again after a start', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = on('/v1/me', { drop: 'answer' })
  await rejects(client.leave(), 'network_error')
  const next = restart(phone)
  await rejects(next.client.request('/v1/me'), 'left')
  await next.client.leave()
  assert.equal(next.client.state(), 'left')
  assert.equal(next.phone.logins, 0)
  assert.equal((await next.client.comeBack()).restored, true)
})

test('leaving that never reached the service is done when it is said again', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = on('/v1/me', { drop: 'request' })
  await rejects(client.leave(), 'network_error')
  inAWeek(await client.leave())
  assert.equal(deletions(phone).length, 2)
  assert.equal(phone.logins, 1)
})

test('a person who comes back after a leaving that failed is in', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = on('/v1/me', { drop: 'request' })
  await rejects(client.leave(), 'network_error')
  const { restored } = await client.comeBack()
  assert.equal(restored, false)
  await fiftySucceed(client)
})

test('coming back that fails leaves it as it was', async () => {
  const { phone, client } = start()
  await client.login()
  await client.leave()
  phone.meddle = ({ api }) => api === 'request' ? { drop: 'request' } : undefined
  await rejects(client.comeBack(), 'network_error')
  assert.equal(client.state(), 'left')
  await rejects(client.request('/v1/me'), 'left')
  phone.meddle = () => undefined
  const both = await Promise.all([client.comeBack(), client.comeBack()])
  assert.deepEqual(both.map(({ restored }) => restored), [true, true])
  assert.equal(logins(phone).at(-1).statusCode, 200)
  await fiftySucceed(client)
})

test('leaving with a refused token renews it, and does not log in', async () => {
  const { phone, client } = await startSpoiled()
  inAWeek(await client.leave())
  assert.equal(refreshes(phone).length, 1)
  assert.equal(phone.logins, 0)
})

test('leaving never logs in, and rejects where the session has ended', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const other = start({ person: phone.person })
  await other.client.logoutEverywhere()
  await until(async () => (await api('GET', '/v1/verify', { token: tokens(phone).access })).status === 401)
  const error = await client.leave().then(() => undefined, (error) => error)
  assert.ok(error instanceof Error)
  assert.notEqual(error.code, 'left')
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  assert.equal(client.state(), 'in')
  // Nothing is deleted: the next login restores nothing.
  const { restored, user: same } = await client.login()
  assert.deepEqual([restored, same.id], [false, user.id])
  inAWeek(await client.leave())
})

test('leaving without a session rejects, and sends nothing', async () => {
  const { phone, client } = start()
  const error = await client.leave().then(() => undefined, (error) => error)
  assert.ok(error instanceof Error)
  assert.deepEqual(phone.calls, [])
  assert.equal(phone.logins, 0)
  await client.login()
  await client.logout()
  await rejects(client.leave(), 'logged_out')
  assert.equal(deletions(phone).length, 0)
  assert.equal(client.state(), 'out')
})

test('leaving while a login is under way waits for it', async () => {
  const late = gate()
  const { phone, client } = start({ meddle: on('/v1/login', { after: () => late.opened }) })
  const requests = fifty(() => client.request('/v1/me').then(() => 'ok', ({ code }) => code))
  await until(() => logins(phone)[0]?.statusCode === 200)
  const leaving = client.leave()
  late.open()
  inAWeek(await leaving)
  for (const end of await requests) assert.ok(['ok', 'left', 'session_revoked'].includes(end), end)
  assert.equal(phone.logins, 1)
  assert.equal(client.state(), 'left')
  assert.deepEqual(tokens(phone), { access: undefined, refresh: undefined })
})

test('two at once leave once', async () => {
  const { phone, client } = start()
  await client.login()
  // Were there a second request, it would be answered after the first.
  let n = 0
  phone.meddle = ({ method }) => method === 'DELETE' && ++n > 1 ? until(() => deletions(phone)[0].statusCode) : undefined
  const dates = await Promise.all([client.leave(), client.leave(), client.leave()])
  for (const date of dates) inAWeek(date)
  inAWeek(await client.leave())
  assert.equal(phone.logins, 1)
  assert.equal(client.state(), 'left')
})

test('requests under way while somebody leaves bring nobody back', async () => {
  const { phone, client } = start()
  await client.login()
  const late = gate()
  phone.meddle = ({ method, url, api }) => api === 'request' && method === 'GET' && url.endsWith('/v1/sessions') ? Promise.resolve(late.opened) : undefined
  const requests = fifty(() => client.request('/v1/sessions').then(() => 'ok', ({ code }) => code), 5)
  await until(() => sent(phone, 'GET /v1/sessions').length === 5)
  await client.leave()
  late.open()
  for (const end of await requests) assert.ok(['left', 'session_revoked', 'token_invalid'].includes(end), end)
  assert.equal(phone.logins, 1)
  assert.equal(refreshes(phone).length, 0)
  assert.equal(client.state(), 'left')
})

test('a login elsewhere that takes the deletion back says so there, once', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const told = []
  const other = start({ person: phone.person, onRestored: (result) => told.push(result) })
  await other.client.login()
  await pause(20)
  assert.deepEqual(told, [])
  await client.leave()
  await until(async () => (await api('GET', '/v1/verify', { token: tokens(other.phone).access })).status === 401)
  await fiftySucceed(other.client)
  await until(() => told.length > 0)
  await fiftySucceed(other.client)
  assert.equal(told.length, 1)
  assert.deepEqual([told[0].restored, told[0].user.id], [true, user.id])
  assert.equal(logins(other.phone).length, 2)
  // Here nothing logs in all the same.
  await rejects(client.request('/v1/me'), 'left')
})
