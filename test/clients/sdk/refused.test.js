'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, refused, fifty, fiftySucceed, rejects, tokens, sessionOf, startSpoiled, expired, forged, api, gate, on, clock, minute, header, sim, spoil } = require('./world.js')

for (const [code, other] of [['token_expired', expired], ['token_invalid', forged]]) {
  test(`fifty requests that are ${code} are one refresh`, async () => {
    const { phone, client, session } = await startSpoiled({}, other)
    assert.equal((await api('GET', '/v1/me', { token: tokens(phone).access })).data.code, code)
    const answers = await fifty((i) => client.request({ url: '/v1/me', header: { 'X-Nr': String(i) } }))
    assert.deepEqual(answers.map(({ statusCode }) => statusCode), Array(50).fill(200))
    assert.equal(refreshes(phone).length, 1)
    assert.equal(phone.logins, 0)
    assert.equal(logins(phone).length, 0)
    for (let i = 0; i < 50; i++) {
      const tries = phone.calls.filter((call) => header(call, 'x-nr') === String(i))
      assert.ok(tries.length <= 2, `request ${i} was sent ${tries.length} times`)
      assert.equal(tries.at(-1).statusCode, 200)
    }
    assert.equal(sessionOf(phone), session)
  })
}

test('fifty requests with a token that has expired by the phone\'s clock are one refresh and no 401', async (t) => {
  const { phone, client } = start()
  await client.login()
  const session = sessionOf(phone)
  clock.shift(16 * minute)
  t.after(clock.right)
  await fiftySucceed(client)
  assert.equal(refreshes(phone).length, 1)
  assert.deepEqual(refused(phone), [])
  assert.equal(phone.logins, 1)
  assert.equal(sessionOf(phone), session)
  const next = restart(phone)
  clock.shift(16 * minute)
  await fiftySucceed(next.client)
  assert.equal(refreshes(next.phone).length, 1)
  assert.equal(sessionOf(phone), session)
})

test('a refusal that comes late is no reason to refresh again', async () => {
  const late = gate()
  const { phone, client } = await startSpoiled()
  phone.meddle = ({ url }) => url.endsWith('?late') ? { after: () => phone.calls.length <= 2 ? late.opened : undefined } : undefined
  const waits = client.request('/v1/me?late')
  await client.request('/v1/me')
  assert.equal(refreshes(phone).length, 1)
  late.open()
  assert.equal((await waits).statusCode, 200)
  assert.equal(refreshes(phone).length, 1)
})

test('a request that comes while it is renewed waits for that', async () => {
  const renewed = gate()
  const { phone, client } = await startSpoiled()
  phone.meddle = on('/v1/token/refresh', { after: () => renewed.opened })
  const first = client.request('/v1/me')
  while (!refreshes(phone).length) await new Promise(setImmediate)
  const others = fifty(() => client.request('/v1/me'))
  await new Promise(setImmediate)
  renewed.open()
  for (const { statusCode } of [await first, ...await others]) assert.equal(statusCode, 200)
  assert.equal(refreshes(phone).length, 1)
})

test('what was refused is sent again as it was', async () => {
  const { phone, client } = await startSpoiled()
  const { data } = await client.request({ url: '/v1/me', method: 'POST', data: { nickname: 'Bo 🐼' }, header: { 'Accept-Language': 'zh' } })
  assert.equal(data.nickname, 'Bo 🐼')
  const tries = sent(phone, 'POST /v1/me')
  assert.deepEqual(tries.map(({ statusCode }) => statusCode), [401, 200])
  assert.deepEqual(tries[0].data, tries[1].data)
  for (const call of tries) assert.equal(header(call, 'accept-language'), 'zh')
  assert.notEqual(header(tries[0], 'authorization'), header(tries[1], 'authorization'))
})

test('an access token that is refused again and again is replaced once', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = ({ url }) => url.endsWith('/v1/me') ? { answer: { statusCode: 401, data: { code: 'token_invalid' } } } : undefined
  const error = await rejects(client.request('/v1/me'), 'token_invalid')
  assert.equal(error.statusCode, 401)
  assert.equal(sent(phone, 'GET /v1/me').length, 2)
  assert.ok(refreshes(phone).length + logins(phone).length <= 2)
})

test('a spent refresh token within its grace keeps the session', async () => {
  const { phone, client, session } = await startSpoiled()
  const { status } = await api('POST', '/v1/token/refresh', { data: { refreshToken: tokens(phone).refresh } })
  assert.equal(status, 200)
  await fiftySucceed(client)
  assert.equal(refreshes(phone).length, 1)
  assert.equal(phone.logins, 0)
  assert.equal(sessionOf(phone), session)
})

test('a refresh token that others have spent is one silent login for all', async () => {
  await sim('DELETE', '/sim/calls')
  const { phone, client, session } = await startSpoiled()
  let spent = tokens(phone).refresh
  for (let i = 0; i < 2; i++) spent = (await api('POST', '/v1/token/refresh', { data: { refreshToken: spent } })).data.refreshToken
  const lost = []
  client.onSessionLost((error) => lost.push(error))
  await fiftySucceed(client)
  assert.equal(refreshes(phone).length, 1)
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  assert.notEqual(sessionOf(phone), session)
  assert.deepEqual(lost, [])
})

test('a refresh token that is nonsense is one silent login for all', async () => {
  const { phone } = start()
  await restart(phone).client.login()
  for (const [key, value] of phone.storage) phone.storage.set(key, value.replace(/wxr_[\w-]+/, 'wxr_nonsense'))
  spoil(phone)
  const { client, phone: next } = restart(phone)
  await fiftySucceed(client)
  assert.equal(refreshes(next).length, 1)
  assert.equal(logins(next).length, 1)
})
