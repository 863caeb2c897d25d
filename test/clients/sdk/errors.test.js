'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, refused, fifty, fiftySucceed, rejects, tokens, sessionOf, startSpoiled, clock, minute, day, sim, codesAsked, until } = require('./world.js')

test('a problem of the service is told whole', async () => {
  const { client } = start()
  const error = await rejects(client.updateProfile({ nickname: '' }), 'invalid_request')
  assert.equal(error.statusCode, 400)
  assert.match(error.detail, /./)
  assert.match(error.requestId, /./)
  assert.deepEqual(error.errors.map(({ field }) => field), ['nickname'])
  assert.match(error.errors[0].rule, /./)
  assert.equal(error.data.code, 'invalid_request')
  assert.equal(error.retryAfter, undefined)
})

test('Retry-After is read however it is spelled', async () => {
  const { phone, client } = start()
  await client.login()
  for (const [name, value, want] of [['retry-after', '7', 7], ['Retry-After', '7', 7], ['RETRY-AFTER', 7, 7], ['Retry-After', 'soon', undefined], ['Retry-After', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined], ['X', '7', undefined]]) {
    phone.meddle = () => ({ answer: { statusCode: 429, data: { code: 'rate_limited', title: 'Too many requests' }, header: { [name]: value } } })
    const { retryAfter, statusCode } = await rejects(client.request('/v1/me'), 'rate_limited')
    assert.deepEqual([retryAfter, statusCode], [want, 429])
  }
  phone.meddle = () => ({ answer: { statusCode: 429, data: { code: 'rate_limited' }, header: undefined } })
  await rejects(client.request('/v1/me'), 'rate_limited')
})

test('an answer of 300 or more that names no code is http_error', async () => {
  const { phone, client } = start()
  await client.login()
  for (const [statusCode, data] of [[302, ''], [404, '<html>'], [418, null], [500, undefined], [502, '<html>502</html>'], [599, {}], [400, { code: 7 }], [403, []], [404, { code: '' }]]) {
    phone.meddle = () => ({ answer: { statusCode, data } })
    assert.equal((await rejects(client.request('/v1/me'), 'http_error')).statusCode, statusCode)
  }
})

test('fifty logins that WeChat does not answer are told once', async (t) => {
  t.after(() => sim('DELETE', '/sim/fault'))
  await sim('DELETE', '/sim/calls')
  await sim('POST', '/sim/fault', { kind: 'errcode', errcode: -1, endpoint: 'jscode2session' })
  const { phone, client } = start()
  const lost = []
  client.onSessionLost((error) => lost.push(error))
  const errors = await fifty(() => rejects(client.request('/v1/me'), 'platform_unavailable'))
  for (const { statusCode, retryAfter } of errors) assert.deepEqual([statusCode, retryAfter > 0], [503, true])
  assert.ok(logins(phone).length <= 3, `${logins(phone).length} logins`)
  assert.ok(await codesAsked() <= 6, `${await codesAsked()} calls to WeChat`)
  await sim('DELETE', '/sim/fault')
  // The breaker lets somebody through again after a moment.
  await until(() => client.login().then(() => true, ({ code }) => { assert.equal(code, 'platform_unavailable') }))
  await fiftySucceed(client)
  assert.equal(new Set(logins(phone).map(({ data }) => data.code)).size, phone.logins)
  assert.deepEqual(lost, [])
})

// What a network that wants a click first answers to everything.
const portal = { answer: { statusCode: 200, data: '<html>Welcome</html>', header: { 'Content-Type': 'text/html' } } }

for (const [what, answer] of Object.entries({
  'a portal': portal,
  'an empty answer': { answer: { statusCode: 200, data: '' } },
  'JSON of somebody else': { answer: { statusCode: 200, data: { code: 0, data: {} } } },
  'half an answer': { answer: { statusCode: 200, data: { accessToken: 'x', refreshToken: 'y' } } },
  'tokens of the wrong kind': { answer: { statusCode: 200, data: { accessToken: 1, refreshToken: 2, expiresIn: 900, refreshExpiresIn: 900, user: { id: 'x' } } } },
  'nobody\'s tokens': { answer: { statusCode: 200, data: { accessToken: 'a', refreshToken: 'b', expiresIn: 900, refreshExpiresIn: 900 } } },
  null: { answer: { statusCode: 200, data: null } },
})) {
  test(`${what} in answer to a login is none`, async () => {
    const { phone, client } = start({ meddle: ({ api }) => api === 'request' ? answer : undefined })
    const before = JSON.stringify([...phone.storage].filter(([key]) => !key.includes('device')))
    await fifty(() => rejects(client.request('/v1/me'), 'bad_answer'))
    await rejects(client.login(), 'bad_answer')
    assert.equal(JSON.stringify([...phone.storage].filter(([key]) => !key.includes('device'))), before)
    assert.equal(client.user(), undefined)
    phone.meddle = () => undefined
    await fiftySucceed(client)
  })
}

test('where a portal answers, nothing is taken for done', async () => {
  const { phone, client } = start()
  await client.login()
  const session = sessionOf(phone)
  for (const { answer } of [portal, { answer: { statusCode: 200, data: '' } }, { answer: { statusCode: 200, data: null } }, { answer: { statusCode: 200, data: { code: 0 } } }, { answer: { statusCode: 200, data: [] } }]) {
    phone.meddle = () => ({ answer })
    const what = JSON.stringify(answer.data)
    for (const [name, act] of Object.entries({ logoutEverywhere: () => client.logoutEverywhere(), endSession: () => client.endSession(session), sessions: () => client.sessions(), me: () => client.me(), removePhone: () => client.removePhone(), leave: () => client.leave() })) {
      const end = await act().then((value) => `resolved to ${JSON.stringify(value)}`, (error) => error.code)
      assert.equal(end, 'bad_answer', `${name} answered ${what}`)
      if (name !== 'leave') assert.equal(client.state(), 'in')
    }
    phone.meddle = () => undefined
    // What leave() was answered is unknown: it may be said again, or taken back.
    assert.equal(client.state(), 'left')
    await client.comeBack()
    assert.equal(client.state(), 'in')
  }
})

const gateways = { 'a portal\'s page': portal, 'a proxy\'s 502': { answer: { statusCode: 502, data: '<html>502</html>' } }, 'a 503': { answer: { statusCode: 503, data: { code: 'store_unavailable' }, header: { 'Retry-After': '2' } } }, 'a 429': { answer: { statusCode: 429, data: { code: 'rate_limited' } } }, nothing: { drop: 'request' } }

for (const [what, answer] of Object.entries(gateways)) {
  test(`${what} in answer to a refresh is no matter while the token lives`, async (t) => {
    const { phone, client } = start()
    await client.login()
    const session = sessionOf(phone)
    t.after(clock.right)
    clock.shift(15 * minute - 2000)
    phone.meddle = ({ url }) => url.endsWith('/v1/token/refresh') ? answer : undefined
    await fiftySucceed(client)
    assert.equal(phone.logins, 1)
    phone.meddle = () => undefined
    clock.shift(minute)
    await fiftySucceed(client)
    assert.equal(phone.logins, 1)
    assert.equal(sessionOf(phone), session)
  })

  test(`${what} in answer to a refresh that is needed keeps the session`, async (t) => {
    t.after(clock.right)
    const { phone, client, session } = await startSpoiled()
    const lost = []
    client.onSessionLost((error) => lost.push(error))
    phone.meddle = ({ url }) => url.endsWith('/v1/token/refresh') ? answer : undefined
    const before = tokens(phone)
    const code = { portal: 'bad_answer', 502: 'http_error', 503: 'store_unavailable', 429: 'rate_limited' }[what.match(/portal|\d+/)?.[0]] || 'network_error'
    await fifty(() => rejects(client.request('/v1/me'), code))
    assert.deepEqual(tokens(phone), before)
    assert.equal(phone.logins, 0)
    phone.meddle = () => undefined
    clock.shift(11000) // it asks less and less often, but each ten seconds
    await fiftySucceed(client)
    assert.equal(phone.logins, 0)
    assert.equal(sessionOf(phone), session)
    assert.deepEqual(lost, [])
  })
}

for (const [what, first, then] of [['a day ahead', day, 0], ['a day behind', -day, 0], ['set forward by a day', 0, day], ['set back by a day', 0, -day], ['set right from a day ahead', day, -day], ['set right from a day behind', -day, day], ['set forward by a year', 0, 365 * day]]) {
  test(`a clock that is ${what} does no harm`, async (t) => {
    t.after(clock.right)
    clock.shift(first)
    const { phone, client } = start()
    await fiftySucceed(client)
    assert.deepEqual([phone.logins, refreshes(phone).length], [1, 0])
    clock.shift(then)
    await fiftySucceed(client)
    await fiftySucceed(restart(phone).client)
    assert.ok(phone.logins - 1 + refreshes(phone).length <= 1, `${phone.logins} logins, ${refreshes(phone).length} refreshes`)
    assert.deepEqual(refused(phone), [])
    // What is stored is fit for the next days, too: a refused token is replaced.
    const answers = await client.prepare().then(() => fiftySucceed(client))
    assert.equal(answers.length, 50)
  })
}

test('a phone whose clock was set back renews when the service says so', async (t) => {
  const { phone, client, session } = await startSpoiled()
  t.after(clock.right)
  clock.shift(-day)
  await fiftySucceed(client)
  assert.equal(refreshes(phone).length, 1)
  assert.equal(sessionOf(phone), session)
})

test('wx.login that fails is told to all, and tried anew', async () => {
  for (const answer of [{ drop: 'request' }, { answer: { errMsg: 'login:ok' } }, { answer: { code: '' } }]) {
    const { phone, client } = start({ meddle: ({ api }) => api === 'login' ? answer : undefined })
    const errors = await fifty(() => rejects(client.request('/v1/me'), 'wx_login_failed'))
    assert.equal(errors[0].statusCode, undefined)
    assert.ok(phone.logins <= 3)
    assert.deepEqual(phone.calls, [])
    phone.meddle = () => undefined
    await fiftySucceed(client)
  }
})

test('wx.login that never calls back has failed', async (t) => {
  const real = globalThis.setTimeout
  globalThis.setTimeout = (act, ms, ...given) => real(act, ms > 5000 ? 20 : ms, ...given)
  t.after(() => { globalThis.setTimeout = real })
  const { phone, client } = start({ meddle: ({ api }) => api === 'login' ? new Promise(() => {}) : undefined })
  await fifty(() => rejects(client.request('/v1/me'), 'wx_login_failed'))
  assert.deepEqual(phone.calls, [])
  phone.meddle = () => undefined
  await fiftySucceed(client)
})

test('a renewal that fails is not tried for each request', async (t) => {
  const { phone, client } = start()
  await client.login()
  t.after(clock.right)
  clock.shift(15 * minute - 5000)
  phone.meddle = ({ url }) => url.endsWith('/v1/token/refresh') ? { answer: { statusCode: 502, data: '' } } : undefined
  for (let i = 0; i < 10; i++) await client.request('/v1/me')
  assert.ok(refreshes(phone).length <= 3, `${refreshes(phone).length} renewals`)
})

test('a code that WeChat refuses is told', async () => {
  const { phone, client } = start({ meddle: ({ api }) => api === 'login' ? { answer: { code: 'nonsense' } } : undefined })
  const errors = await fifty(() => rejects(client.request('/v1/me'), 'code_invalid'))
  assert.equal(errors[0].statusCode, 401)
  assert.ok(logins(phone).length <= 2)
  assert.ok(phone.logins <= 2)
  phone.meddle = () => undefined
  await client.login()
  await fiftySucceed(client)
})

test('a network that fails now and then is told for each request by itself', async () => {
  const { phone, client } = start()
  await client.login()
  phone.meddle = ({ url }) => url.endsWith('?lost') ? { drop: 'request' } : undefined
  const [lost, good] = await Promise.allSettled([client.request('/v1/me?lost'), client.request('/v1/me')])
  assert.equal(lost.reason.code, 'network_error')
  assert.equal(good.value.statusCode, 200)
  assert.equal(sent(phone, 'GET /v1/me').length, 2)
})
