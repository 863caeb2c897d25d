'use strict'
// What the person decides while something else is under way.
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, rejects, tokens, api, gate, on, until, clock, minute } = require('./world.js')

const deletions = (phone) => sent(phone, 'DELETE /v1/me')
const alive = async (phone) => (await api('GET', '/v1/verify', { token: tokens(phone).access })).status === 200

/** Holds the next request to a path until it is let go. */
function hold (phone, path) {
  const { open, opened } = gate()
  const here = gate()
  phone.meddle = on(path, async () => { here.open(); await opened })
  return { go: open, held: here.opened }
}

test('asking when the data goes does not delete again who is coming back', async () => {
  const { phone, client } = start()
  await client.login()
  const date = await client.leave()
  const login = hold(phone, '/v1/login')
  const back = client.comeBack()
  await login.held
  assert.equal(await client.leave(), date)
  login.go()
  assert.equal((await back).restored, true)
  assert.deepEqual([client.state(), deletions(phone).length, await alive(phone)], ['in', 1, true])
})

test('who comes back while the deletion has no answer is back', async () => {
  const { phone, client } = start()
  await client.login()
  const deletion = hold(phone, '/v1/me')
  const left = client.leave()
  await deletion.held
  const back = client.comeBack()
  deletion.go()
  await left
  assert.equal((await back).restored, true)
  assert.deepEqual([client.state(), await alive(phone)], ['in', true])
  assert.equal((await client.me()).id, (await back).user.id)
})

for (const what of ['force', 'phoneCode']) {
  test(`a login with ${what} that waited does not undo a deletion`, async () => {
    const { phone, client } = start()
    const login = hold(phone, '/v1/login')
    const first = client.login()
    await login.held
    const left = client.leave()
    const { code } = await phone.tapPhone()
    const more = rejects(client.login(what === 'force' ? { force: true } : { phoneCode: code }), 'left')
    login.go()
    await first
    await left
    await more
    assert.deepEqual([client.state(), logins(phone).length], ['left', 1])
  })
}

test('a number whose binding waited for a login is not bound after a logout', async () => {
  const { phone, client } = start()
  const login = hold(phone, '/v1/login')
  const first = client.login()
  await login.held
  const both = [rejects(first, 'logged_out'), rejects(client.bindPhone(await phone.tapPhone()), 'logged_out')]
  await client.logout()
  login.go()
  await Promise.all(both)
  assert.deepEqual([client.state(), logins(phone).length], ['out', 1])
})

test('a number that is given while the launch logs in needs no other login', async () => {
  const { phone, client } = start()
  const login = hold(phone, '/v1/login')
  const first = client.login()
  await login.held
  const bound = client.bindPhone(await phone.tapPhone())
  login.go()
  await first
  assert.match((await bound).phone, /^\d{3}\*{4}\d{4}$/)
  assert.equal(phone.logins, 1)
})

test('a login that is nobody\'s any more reaches the service before the next', async () => {
  const { phone, client } = start()
  const login = hold(phone, '/v1/login')
  const first = client.login()
  await login.held
  await client.logout()
  const next = client.login()
  login.go()
  await rejects(first, 'logged_out')
  await next
  assert.equal(await alive(phone), true)
  await client.me()
  assert.equal(refreshes(phone).length, 0)
})

test('a login that is nobody\'s any more is not sent again', async () => {
  const { phone, client } = start()
  const { open, opened } = gate()
  const here = gate()
  phone.meddle = on('/v1/login', async () => { here.open(); await opened; return { drop: 'request' } })
  const first = client.login()
  await here.opened
  await client.logout()
  open()
  await rejects(first, 'network_error')
  assert.equal(logins(phone).length, 1)
})

test('a logout while the person comes back is a logout', async () => {
  const { phone, client } = start()
  await client.login()
  await client.leave()
  const login = hold(phone, '/v1/login')
  const back = client.comeBack()
  await login.held
  const out = client.logout()
  login.go()
  await back
  await out
  assert.equal(client.state(), 'out')
  assert.equal(sent(phone, 'POST /v1/logout').at(-1).statusCode, 204)
  await rejects(client.comeBack(), 'logged_out')
})

test('a login that fails is nobody else\'s failure', async () => {
  const { phone, client } = start()
  await client.login()
  const login = hold(phone, '/v1/login')
  const wrong = client.login({ profile: { encryptedData: 'x' } })
  await login.held
  const other = client.request('/v1/me')
  login.go()
  await rejects(wrong, 'invalid_request')
  assert.equal((await other).statusCode, 200)
})

test('a login for others that fails on a cold start is not joined', async () => {
  const { phone, client } = start()
  const login = hold(phone, '/v1/login')
  const wrong = client.login({ profile: { encryptedData: 'x' } })
  await login.held
  const others = [client.request('/v1/me'), client.login()]
  login.go()
  await rejects(wrong, 'invalid_request')
  await Promise.all(others)
  assert.equal(logins(phone).length, 2)
})

test('who logs out everywhere leaves no session of a request that was refused meanwhile', async () => {
  const { phone, client } = start()
  await client.login()
  const { open, opened } = gate()
  let answered
  phone.meddle = on('/v1/logout/all', async ({ header }) => {
    // The service does it; its answer takes a while.
    answered = (await api('POST', '/v1/logout/all', { token: header.Authorization.slice(7) })).status
    await opened
    return { answer: { statusCode: 204, data: '' } }
  })
  const out = client.logoutEverywhere()
  await until(() => answered === 204)
  await client.request('/v1/me') // refused: it logs in
  const { access } = tokens(phone)
  open()
  await out
  assert.equal(client.state(), 'out')
  assert.equal((await api('GET', '/v1/verify', { token: access })).status, 401)
})

test('an older answer does not hide a newer name', async () => {
  const { phone, client } = start()
  await client.login()
  const { open, opened } = gate()
  const here = gate()
  phone.meddle = on('/v1/me', { after: async () => { here.open(); await opened } })
  const me = client.me()
  await here.opened
  await client.updateProfile({ nickname: 'Ada' })
  open()
  assert.equal((await me).nickname, undefined)
  assert.equal(client.user().nickname, 'Ada')
})

for (const [statusCode, data] of [[429, { code: 'rate_limited' }], [404, { code: 'not_found' }]]) {
  test(`a deletion that is answered ${statusCode} is none`, async () => {
    const { phone, client } = start()
    await client.login()
    phone.meddle = on('/v1/me', { answer: { statusCode, data } })
    await rejects(client.leave(), data.code)
    assert.equal(client.state(), 'in')
    assert.ok(client.user())
    await client.me()
    assert.equal(logins(phone).length, 1)
  })
}

test('who leaves without a session is told so, twice', async () => {
  const { phone, client } = start()
  await client.login()
  await start({ person: phone.person }).client.logoutEverywhere()
  await until(async () => !await alive(phone))
  await rejects(client.leave(), 'no_session')
  await rejects(client.leave(), 'no_session')
  await client.login()
  await client.leave()
  assert.equal(client.state(), 'left')
})

test('who is out stays out where the mini program names another service or its AppID', async () => {
  const { phone, client } = start()
  await client.login()
  await client.logout()
  const next = restart(phone, { appId: 'wxsimulator000001' })
  await rejects(next.client.request('/v1/me'), 'logged_out')
  assert.equal(next.phone.calls.length, 0)
})

test('failures that pass are not tried again with each request', async (t) => {
  const { phone, client } = start()
  t.after(clock.right)
  phone.meddle = ({ url = '' }) => url.endsWith('/v1/login') ? { answer: { statusCode: 503, data: { code: 'platform_unavailable' }, header: { 'retry-after': '30' } } } : undefined
  for (let i = 0; i < 20; i++) await rejects(client.request('/v1/me'), 'platform_unavailable')
  assert.equal(logins(phone).length, 1)
  await rejects(client.login(), 'platform_unavailable') // somebody asks for it
  assert.equal(logins(phone).length, 2)
  clock.shift(minute)
  phone.meddle = () => undefined
  await client.request('/v1/me')
})

test('a code that WeChat refuses again and again costs fewer calls than requests', async () => {
  const { phone, client } = start()
  phone.meddle = ({ url = '' }) => url.endsWith('/v1/login') ? { answer: { statusCode: 401, data: { code: 'code_invalid' } } } : undefined
  for (let i = 0; i < 20; i++) await rejects(client.request('/v1/me'), 'code_invalid')
  assert.equal(logins(phone).length, 2)
})

test('a backend\'s user_banned is the caller\'s', async () => {
  const { phone, client } = start({ backends: ['https://api.example.com'] })
  await client.login()
  const told = []
  client.onSessionLost((error) => told.push(error))
  phone.meddle = ({ url = '' }) => url.startsWith('https://api') ? { answer: { statusCode: 403, data: { code: 'user_banned' } } } : undefined
  await rejects(client.request('https://api.example.com/chat'), 'user_banned')
  assert.ok(client.user())
  assert.deepEqual(told, [])
})

test('an error says what was asked, and what the platform says', async () => {
  const { phone, client } = start({ wrap: (wx) => ({ ...wx, request: ({ fail }) => { phone.requests = (phone.requests || 0) + 1; fail({ errMsg: 'request:fail url not in domain list', errno: 600002 }) } }) })
  const error = await rejects(client.request('/v1/me?secret=1'), 'network_error')
  assert.deepEqual([error.errno, error.detail, phone.requests], [600002, 'request:fail url not in domain list', 1])
  assert.match(error.message, /POST http:\S+\/v1\/login/)
})

test('an answer in bytes is read where it is an error', async () => {
  const { phone, client } = start()
  await client.login()
  const data = new TextEncoder().encode('{"code":"invalid_request","detail":"字段"}').buffer
  phone.meddle = on('/v1/me', { answer: { statusCode: 400, data } })
  const error = await rejects(client.request({ url: '/v1/me', responseType: 'arraybuffer' }), 'invalid_request')
  assert.equal(error.detail, '字段')
})

test('other options of wx.request go along, and callbacks do not', async () => {
  const got = []
  const { client } = start({ wrap: (wx) => ({ ...wx, request: (options) => { got.push(options); wx.request(options) } }) })
  const complete = () => assert.fail('called')
  await client.request({ url: '/v1/me', enableHttp2: true, complete, success: complete })
  const { enableHttp2, complete: passed } = got.at(-1)
  assert.deepEqual([enableHttp2, passed], [true, undefined])
  assert.equal(got[0].redirect, 'manual')
})

test('what a user did to the answer stays with the user', async () => {
  const { client } = start()
  const { user } = await client.login()
  user.nickname = client.user().nickname = 'changed'
  assert.equal(client.user().nickname, undefined)
})

test('a listener that was taken back is not called', async () => {
  const { phone, client } = start()
  await client.login()
  const told = []
  const off = client.onSessionLost(() => told.push('off'))
  client.onSessionLost(() => told.push('on'))
  phone.meddle = on('/v1/me', { answer: { statusCode: 403, data: { code: 'user_banned' } } })
  await rejects(client.request('/v1/me'), 'user_banned')
  off()
  await until(() => told.length > 0)
  assert.deepEqual(told, ['on'])
})
