'use strict'
const assert = require('node:assert/strict')
const { createServer } = require('node:http')
const { test } = require('node:test')
const { start, restart, sent, logins, refreshes, refused, fifty, fiftySucceed, rejects, tokens, api, sim, codesAsked, createClient, pause, sessionOf } = require('./world.js')

test('fifty requests on a cold start are one login', async () => {
  await sim('DELETE', '/sim/calls')
  const { phone, client } = start()
  const answers = await fiftySucceed(client)
  assert.equal(new Set(answers.map(({ data }) => data.id)).size, 1)
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  assert.equal(refreshes(phone).length, 0)
  assert.equal(sent(phone, 'GET /v1/me').length, 50)
  assert.deepEqual(refused(phone), [])
  assert.equal(await codesAsked(), 1)
})

test('logins, requests and others at once are one login', async () => {
  const { phone, client } = start()
  const all = await Promise.all([client.login(), client.request('/v1/me'), client.me(), client.sessions(), client.login(), client.updateProfile({ nickname: 'Ada' })])
  assert.equal(phone.logins, 1)
  assert.equal(logins(phone).length, 1)
  assert.equal(all[0].newUser, true)
  assert.deepEqual(all[0].warnings, [])
  assert.equal(all[0].restored, false)
  assert.equal(all[0].user.id, all[2].id)
  assert.deepEqual(refused(phone), [])
})

test('a login has a user whom the client remembers', async () => {
  const { phone, client } = start()
  assert.equal(client.user(), undefined)
  assert.equal(client.state(), 'in')
  const { user } = await client.login()
  assert.deepEqual(client.user(), user)
  const { user: known, newUser } = await client.login()
  assert.deepEqual([known, newUser], [user, false])
  assert.equal(phone.calls.length, 1)
})

test('a login by force replaces the session', async () => {
  const { phone, client } = start()
  await client.login()
  const before = sessionOf(phone)
  const { newUser } = await client.login({ force: true })
  assert.equal(newUser, false)
  assert.notEqual(sessionOf(phone), before)
  assert.equal((await client.sessions()).length, 1)
})

test('the next start uses the session that is stored', async () => {
  const { phone, client } = start()
  const { user } = await client.login()
  const next = restart(phone)
  assert.deepEqual(next.client.user(), user)
  assert.deepEqual((await next.client.login()).user, user)
  assert.deepEqual(next.phone.calls, [])
  await fiftySucceed(next.client)
  assert.equal(next.phone.calls.length, 50)
  assert.equal(next.phone.logins, 0)
})

test('another service is not sent what is stored', async (t) => {
  const got = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => { body += data })
    request.on('end', () => { got.push(JSON.stringify(request.headers) + body); response.writeHead(503).end() })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.close(); server.closeAllConnections() })
  const { phone, client } = start()
  await client.login()
  const { access, refresh } = tokens(phone)
  const other = restart(phone, { baseURL: `http://127.0.0.1:${server.address().port}` })
  assert.equal(other.client.user(), undefined)
  await rejects(other.client.request('/v1/me'), 'http_error')
  assert.ok(got.length > 0)
  for (const text of got) assert.ok(!text.includes(access) && !text.includes(refresh), text)
})

test('a storage that holds anything is empty', async () => {
  const { phone, client } = start()
  await client.login()
  const good = [...phone.storage].map(([key, text]) => [key, JSON.parse(text)])
  const wrong = [null, 0, -1, 'x', true, [], {}, '', 1e300]
  // Each value on each way into what is stored, the whole of it to begin with.
  function * spoiled (value) {
    yield * wrong
    if (!value || typeof value !== 'object') return
    for (const key of Object.keys(value)) {
      for (const other of spoiled(value[key])) yield { ...value, [key]: other }
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    }
  }
  const storages = good.flatMap(([key, value]) => [...spoiled(value)].map((bad) => new Map([...good, [key, bad]].map(([k, v]) => [k, JSON.stringify(v)]))))
  assert.ok(storages.length > 50, `${storages.length} ways`)
  for (let i = 0; i < storages.length; i += 20) {
    await Promise.all(storages.slice(i, i + 20).map(async (storage) => {
      const before = JSON.stringify([...storage])
      const next = start({ person: phone.person, storage })
      const user = next.client.user()
      assert.ok(user === undefined || typeof user.id === 'string', before)
      await next.client.request('/v1/me').then(({ statusCode }) => assert.equal(statusCode, 200), (error) => assert.fail(`${before}: ${error}`))
      assert.equal(typeof (await next.client.login()).user.id, 'string', before)
    }))
  }
})

for (const [what, broken] of Object.entries({
  'cannot be written': { setStorageSync () { throw new Error('full') } },
  'cannot be read': { getStorageSync () { throw new Error('broken') } },
  'cannot be used at all': { getStorageSync () { throw new Error('broken') }, setStorageSync () { throw new Error('broken') }, removeStorageSync () { throw new Error('broken') } },
})) {
  test(`where the storage ${what} memory serves`, async () => {
    const { phone, client } = start({ wrap: (wx) => ({ ...wx, ...broken }) })
    await fiftySucceed(client)
    await fiftySucceed(client)
    assert.equal(logins(phone).length, 1)
    await client.logout()
    await rejects(client.request('/v1/me'), 'logged_out')
    const before = logins(phone)[0].data.device.id
    await client.login()
    assert.equal(logins(phone)[1].data.device.id, before)
  })
}

test('the device is the same over logins and starts', async () => {
  const { phone, client } = start()
  await client.login()
  await client.login({ force: true })
  await client.logout()
  await client.login()
  const next = restart(phone)
  await next.client.login({ force: true })
  const ids = [...logins(phone), ...logins(next.phone)].map(({ data }) => data.device.id)
  assert.equal(ids.length, 4)
  assert.equal(new Set(ids).size, 1)
  assert.match(ids[0], /^[\w.-]{8,64}$/)
  const [session, ...others] = await next.client.sessions()
  assert.deepEqual(others, [])
  assert.deepEqual(session.device, { id: ids[0], name: 'iPhone 15', platform: 'ios' })
  assert.equal(session.current, true)
  const another = start({ person: phone.person })
  await another.client.login()
  assert.notEqual(logins(another.phone)[0].data.device.id, ids[0])
})

for (const [what, change] of Object.entries({
  'of an older base library': ({ getRandomValues, getDeviceInfo, ...wx }) => ({ ...wx, getSystemInfoSync: () => ({ model: 'Redmi', platform: 'android' }) }),
  'that tells nothing of itself': ({ getDeviceInfo, ...wx }) => wx,
  'whose random values fail': (wx) => ({ ...wx, getRandomValues: ({ fail }) => fail({ errMsg: 'getRandomValues:fail' }) }),
  'whose description fails': (wx) => ({ ...wx, getDeviceInfo () { throw new Error('denied') } }),
  'with no description': (wx) => ({ ...wx, getDeviceInfo: () => undefined }),
  'with a long and strange name': (wx) => ({ ...wx, getDeviceInfo: () => ({ model: '\u0000\u0085\u2028' + '手机📱'.repeat(60), platform: 'p'.repeat(99) }) }),
  'cut within a character': (wx) => ({ ...wx, getDeviceInfo: () => ({ model: 'x'.repeat(63) + '📱', platform: 5 }) }),
})) {
  test(`a phone ${what} logs in`, async () => {
    const { phone, client } = start({ wrap: change })
    await client.login()
    const [{ data: { device }, header }] = logins(phone)
    assert.match(device.id, /^[\w.-]{8,64}$/)
    assert.ok(header['Idempotency-Key'].length >= 16)
    assert.equal((await client.sessions()).length, 1)
  })
}

// Taro's functions, and those of wx without callbacks, return promises.
const promising = (wx) => {
  const both = (name) => (options) => new Promise((resolve, reject) => wx[name]({
    ...options,
    success: (result) => { options.success && options.success(result); resolve(result) },
    fail: (failure) => { options.fail && options.fail(failure); reject(failure) },
  }))
  return { ...wx, login: both('login'), request: both('request'), uploadFile: both('uploadFile'), getRandomValues: both('getRandomValues') }
}

test('promises of the platform that reject trouble nobody', async (t) => {
  const unhandled = []
  const note = (reason) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  t.after(() => process.off('unhandledRejection', note))
  const { phone, client } = start({ wrap: promising, meddle: () => ({ drop: 'request' }) })
  await Promise.all([rejects(client.login(), 'wx_login_failed'), rejects(client.request('/v1/me'), 'wx_login_failed')])
  phone.meddle = ({ api }) => api === 'login' ? undefined : { drop: 'request' }
  await rejects(client.request('/v1/me'), 'network_error')
  phone.meddle = () => undefined
  await fiftySucceed(client)
  phone.meddle = () => ({ drop: 'request' })
  await rejects(client.upload({ url: '/v1/me/avatar', filePath: __filename }), 'network_error')
  await client.logout()
  await pause(20)
  assert.deepEqual(unhandled, [])
})

test('a platform that throws at once has failed', async () => {
  const { phone, client } = start()
  phone.wx.login = () => { throw new Error('privacy') }
  await rejects(client.login(), 'wx_login_failed')
})

test('a client without an address, or with a wrong one, is not made', () => {
  const { phone } = start()
  for (const baseURL of [undefined, '', '/v1', 'login.example.com', 'ftp://login.example.com', 'https://', 'https://a@b.example']) {
    assert.throws(() => createClient({ baseURL, platform: phone.wx }), Error, String(baseURL))
  }
})

test('an address may end with a slash', async () => {
  const { client } = start({ baseURL: process.env.SERVICE + '/' })
  await fiftySucceed(client)
})

test('where wx is global it is the platform', async (t) => {
  const { phone } = start()
  globalThis.wx = phone.wx
  t.after(() => { delete globalThis.wx })
  assert.match((await createClient({ baseURL: process.env.SERVICE }).me()).id, /./)
})

test('the AppID goes along where it is given', async () => {
  const wrong = start({ appId: 'wxnobody00000000000' })
  const error = await rejects(wrong.client.request('/v1/me'), 'unknown_app')
  assert.equal(error.statusCode, 400)
  const right = start({ appId: 'wxsimulator000001' })
  await right.client.login()
  assert.equal(logins(right.phone)[0].data.appId, 'wxsimulator000001')
  assert.equal((await api('GET', '/v1/verify', { token: tokens(right.phone).access })).status, 200)
})

test('fifty cold logins that fail are one, and the next is another', async () => {
  const { phone, client } = start({ meddle: ({ api }) => api === 'login' ? { answer: {} } : undefined })
  await fifty(() => rejects(client.request('/v1/me'), 'wx_login_failed'))
  assert.ok(phone.logins <= 3, `${phone.logins} times wx.login`)
  assert.deepEqual(phone.calls, [])
  phone.meddle = () => undefined
  await fiftySucceed(client)
})
