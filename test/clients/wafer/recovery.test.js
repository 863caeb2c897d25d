'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { createServer } = require('node:http')
const { take, login, request, calling, api, elsewhere, service, sdk } = require('./phone.js')
const { expired, forged, operator, unban, until } = require('../sdk/world.js')

const recovered = ['/weapp/user', '/weapp/login', '/weapp/user']

/** A phone whose person is logged in, and its calls forgotten. */
async function loggedIn (person) {
  const phone = take(person)
  await login()
  phone.calls.length = 0
  return phone
}

/** The skey as the service would have made it 25 hours ago. */
const dayOld = (skey) => Array(25).fill().reduce((token) => expired(token), skey)

for (const [what, other, answer] of [
  ['has expired', dayOld, { code: -1, data: {} }],
  ['is damaged', forged, { code: -1, error: 'ERR_SKEY_INVALID' }],
  ['Tencent\'s server gave', () => '7b69dc787384c988eb0e4ca9920295396aeb9e8a', { code: -1, error: 'ERR_SKEY_INVALID' }],
]) {
  test(`a request with an skey that ${what} succeeds after a silent login`, async () => {
    const phone = await loggedIn('ida ' + what)
    const { skey } = phone.session()
    phone.setSkey(other(skey))
    assert.equal((await request()).data.code, 0)
    assert.deepEqual(phone.paths(), recovered)
    assert.deepEqual(phone.answers()[0], answer)
    assert.deepEqual(Object.keys(phone.calls[1].header), ['X-WX-Code'])
    assert.notEqual(phone.session().skey, skey)
  })
}

test('requests at once recover each by itself', async () => {
  const phone = await loggedIn('jan')
  phone.setSkey('nonsense')
  for (const { data } of await Promise.all(Array.from({ length: 20 }, () => request()))) assert.equal(data.code, 0)
})

test('a request without a session logs in silently', async () => {
  await loggedIn('kim')
  const phone = take('kim')
  assert.equal((await request()).data.code, 0)
  assert.deepEqual(phone.paths(), recovered)
  phone.calls.length = 0
  assert.equal((await request({ login: true })).data.code, 0)
  assert.deepEqual(phone.paths(), ['/weapp/login', '/weapp/user'])
})

for (const [what, end] of [
  ['all sessions', ({ accessToken: token }) => api('POST', '/v1/logout/all', { token })],
  ['this session', async ({ accessToken: token }) => {
    const { data } = await api('GET', '/v1/sessions', { token })
    const { id } = data.sessions.find(({ current }) => !current)
    return api('DELETE', '/v1/sessions/' + id, { token })
  }],
]) {
  test(`an skey is refused when ${what} ended elsewhere`, async () => { // I-04
    const phone = await loggedIn('leo ' + what)
    const { skey } = phone.session()
    assert.equal((await end(await elsewhere(phone.person))).status, 204)
    assert.equal((await api('GET', '/v1/verify', { token: skey })).status, 401)
    assert.equal((await request()).data.code, 0)
    assert.deepEqual(phone.paths(), recovered)
    assert.deepEqual(phone.answers()[0], { code: -1, error: 'ERR_SKEY_INVALID' })
  })
}

test('a banned person is out within two seconds, and comes to rest', async () => { // I-04
  const phone = await loggedIn('moe')
  const { skey: token } = phone.session()
  const user = (await api('GET', '/v1/me', { token })).data.id
  operator('ban', user)
  const began = Date.now()
  await until(async () => (await api('GET', '/v1/verify', { token })).status === 401)
  assert.ok(Date.now() - began < 2000, `it took ${Date.now() - began} ms`)
  await assert.rejects(request(), /用户未登录过/)
  assert.deepEqual(phone.answers(), [{ code: -1, error: 'ERR_SKEY_INVALID' }, { code: -1, error: 'ERR_USER_BANNED' }])
  assert.equal(phone.session(), null)
  await assert.rejects(login(), /ERR_USER_BANNED/)
  await unban(user)
  assert.equal((await request()).data.code, 0)
})

test('an account that was deleted comes back when the person logs in, and not before', async () => {
  const phone = await loggedIn('liv')
  const header = { Authorization: 'Bearer ' + phone.session().skey }
  const { id } = (await request({ url: service + '/v1/me', header })).data
  const { statusCode, data: { deletionAt } } = await request({ url: service + '/v1/me', method: 'DELETE', header })
  assert.ok(statusCode === 202 && deletionAt, `got ${statusCode}`)
  phone.calls.length = 0
  for (const wanted of [['/weapp/user', '/weapp/login'], ['/weapp/login']]) {
    await assert.rejects(request({ login: wanted.length === 1 }), /用户未登录过，请先使用 login\(\) 登录/)
    assert.deepEqual(phone.paths(), wanted)
    assert.deepEqual(phone.answers().at(-1), { code: -1, error: 'ERR_USER_NOT_FOUND' })
    assert.equal(phone.session(), null)
    phone.calls.length = 0
  }
  await login()
  const { data } = await api('GET', '/v1/me', { token: phone.session().skey })
  assert.deepEqual([data.id, data.deletionAt], [id, undefined], 'the same account, which stays')
  assert.equal((await request()).data.code, 0)
})

test('what is not answered in the protocol\'s form fails, and costs nobody the session', async () => {
  const phone = await loggedIn('pam')
  const { skey } = phone.session()
  for (const [options, status] of [
    [{ method: 'POST' }, 405], // as on Tencent's server, where it is 404
    [{ header: { 'X-Long': 'x'.repeat(40 << 10) } }, 431],
  ]) {
    assert.equal((await request(options)).statusCode, status)
    assert.equal(phone.session().skey, skey)
    assert.deepEqual(phone.paths(), ['/weapp/user'])
    phone.calls.length = 0
  }
  await assert.rejects(calling(sdk.login, { method: 'POST' }), /响应错误/)
  await assert.rejects(calling(sdk.loginWithCode, { method: 'POST' }), /用户未登录过/)
  assert.deepEqual(phone.calls.map(({ statusCode }) => statusCode), [405, 405])
  assert.equal(phone.session().skey, skey)
  assert.equal((await request()).data.code, 0)
})

test('a backend asks with the skey for an access token, and its 401 is recovered from', async (t) => {
  const backend = createServer(async ({ headers }, response) => {
    const verdict = await fetch(service + '/v1/verify', { headers: { Authorization: 'Bearer ' + headers['x-wx-skey'] } })
    response.writeHead(verdict.status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ user: verdict.headers.get('x-user-id') }))
  })
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve))
  t.after(() => backend.close())
  const phone = await loggedIn('nan')
  const url = `http://127.0.0.1:${backend.address().port}/orders`
  const { user } = (await request({ url })).data
  assert.ok(user)
  phone.setSkey('nonsense')
  phone.calls.length = 0
  assert.equal((await request({ url })).data.user, user)
  assert.deepEqual(phone.paths(), ['/orders', '/weapp/login', '/orders'])
  assert.ok(sdk.Session.get())
})
