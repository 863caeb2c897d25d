'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, logins, refreshes, refused, fifty, fiftySucceed, rejects, tokens, sessionOf, startSpoiled, on, header, sim, codesAsked, spoil } = require('./world.js')

const key = (call) => header(call, 'idempotency-key')

for (const [what, lost] of Object.entries({ first: 1, 'first two': 2 })) {
  for (const drop of ['answer', 'request']) {
    test(`where the ${what} login's ${drop} is lost fifty requests see nothing of it`, async () => {
      await sim('DELETE', '/sim/calls')
      const { phone, client } = start({ meddle: on('/v1/login', ...Array(lost).fill({ drop })) })
      await fiftySucceed(client)
      assert.equal(phone.logins, 1)
      assert.equal(logins(phone).length, lost + 1)
      assert.equal(new Set(logins(phone).map(({ data }) => data.code)).size, 1)
      assert.equal(new Set(logins(phone).map(key)).size, 1)
      assert.ok(key(logins(phone)[0]).length >= 16)
      assert.deepEqual(refused(phone), [])
      assert.equal((await client.sessions()).length, 1)
      assert.ok(await codesAsked() <= lost + 1)
      // One user, whom the next phone finds.
      const other = start({ person: phone.person })
      const { user, newUser } = await other.client.login()
      assert.deepEqual([user.id, newUser], [client.user().id, false])
    })
  }
}

test('a login has another Idempotency-Key than the one before', async () => {
  const { phone, client } = start()
  await client.login()
  await client.login({ force: true })
  assert.equal(new Set(logins(phone).map(key)).size, 2)
})

for (const drop of ['answer', 'request']) {
  test(`a login whose ${drop} is lost three times fails, and the next has a new code`, async () => {
    const { phone, client } = start({ meddle: on('/v1/login', { drop }, { drop }, { drop }) })
    const lost = []
    client.onSessionLost((error) => lost.push(error))
    const errors = await fifty(() => rejects(client.request('/v1/me'), 'network_error'))
    for (const { statusCode } of errors) assert.equal(statusCode, undefined)
    assert.equal(logins(phone).length, 3)
    assert.equal(phone.logins, 1)
    assert.equal(tokens(phone).access, undefined)
    const { user } = await client.login()
    assert.equal(logins(phone).length, 4)
    assert.notEqual(logins(phone)[3].data.code, logins(phone)[0].data.code)
    assert.notEqual(key(logins(phone)[3]), key(logins(phone)[0]))
    assert.equal((await client.sessions()).length, 1)
    assert.equal((await start({ person: phone.person }).client.login()).user.id, user.id)
    assert.deepEqual(lost, [])
    assert.equal(client.state(), 'in')
  })
}

for (const [what, lost] of Object.entries({ first: 1, 'first two': 2 })) {
  for (const drop of ['answer', 'request']) {
    test(`where the ${what} refresh's ${drop} is lost the session lives on`, async () => {
      const { phone, client, session } = await startSpoiled()
      phone.meddle = on('/v1/token/refresh', ...Array(lost).fill({ drop }))
      await fiftySucceed(client)
      assert.equal(refreshes(phone).length, lost + 1)
      assert.equal(new Set(refreshes(phone).map(({ data }) => data.refreshToken)).size, 1)
      assert.equal(phone.logins, 0)
      assert.equal(sessionOf(phone), session)
      spoil(phone)
      const next = restart(phone)
      await fiftySucceed(next.client)
      assert.equal(sessionOf(phone), session)
    })
  }
}

test('where no refresh is answered the requests fail and the session is kept', async () => {
  const { phone, client, session } = await startSpoiled()
  const lost = []
  client.onSessionLost((error) => lost.push(error))
  phone.meddle = ({ url }) => url.endsWith('/v1/token/refresh') ? { drop: 'answer' } : undefined
  await fifty(() => rejects(client.request('/v1/me'), 'network_error'))
  assert.equal(phone.logins, 0)
  assert.ok(tokens(phone).refresh)
  phone.meddle = () => undefined
  await fiftySucceed(client)
  assert.equal(phone.logins, 0)
  assert.equal(sessionOf(phone), session)
  assert.deepEqual(lost, [])
})

test('a request of the caller\'s is not sent again where its answer is lost', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = ({ method, api }) => api === 'request' && method === 'POST' ? { drop: 'answer' } : undefined
  await rejects(client.request({ url: '/v1/me', method: 'POST', data: { nickname: 'Once' } }), 'network_error')
  assert.equal(phone.calls.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/me')).length, 1)
})
