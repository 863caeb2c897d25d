'use strict'
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { sdk, take, login, loginWithCode, request, sim, userInfo, api, sessionKey } = require('./phone.js')

const neverHere = /用户未登录过，请先使用 login\(\) 登录/
const info = (nickName, avatarUrl = '') => ({ nickName, gender: 0, language: 'zh_CN', city: '', province: '', country: '', avatarUrl })

test('a first visit goes on from the silent login to the full one', async () => {
  const avatar = 'https://thirdwx.qlogo.cn/ada/132'
  await sim('/sim/people', { name: 'ada', nickname: 'Ada 🐼', avatar })
  const phone = take('ada')
  await assert.rejects(loginWithCode(), neverHere)
  assert.deepEqual(phone.answers(), [{ code: -1, error: 'ERR_USER_NOT_FOUND' }])
  assert.equal(phone.session(), null)

  assert.deepEqual(await login(), info('Ada 🐼', avatar))
  assert.equal(phone.logins, 2)
  assert.deepEqual([...phone.storage.keys()], [sessionKey])
  const { skey, time, userinfo } = phone.session()
  assert.ok(skey && Math.abs(time - Date.now() / 1000) < 60, `got ${skey} of ${time}`)
  assert.deepEqual(userinfo, info('Ada 🐼', avatar))

  const { statusCode, data } = await request()
  assert.equal(statusCode, 200)
  assert.deepEqual(data, { code: 0, data: info('Ada 🐼', avatar) })
  assert.deepEqual(phone.calls.at(-1).header, { 'X-WX-Skey': skey })
  assert.deepEqual(phone.paths(), ['/weapp/login', '/weapp/login', '/weapp/user'])
})

test('what the first visit asked for leaves no session behind', async () => {
  const phone = take('ben')
  await assert.rejects(loginWithCode(), neverHere)
  await login()
  const { data } = await api('GET', '/v1/sessions', { token: phone.session().skey })
  assert.equal(data.sessions.length, 1)
})

test('a person who was here logs in silently, on any phone', async () => {
  await sim('/sim/people', { name: 'cai', nickname: '蔡' })
  const first = take('cai')
  const { nickName } = await login()
  const { skey } = first.session()
  const second = take('cai')
  assert.equal((await loginWithCode()).nickName, nickName)
  assert.deepEqual(Object.keys(second.calls[0].header), ['X-WX-Code'])
  assert.notEqual(second.session().skey, skey, 'an skey is made anew by every login')
  take('cai', { storage: first.storage })
  assert.equal((await request()).data.data.nickName, nickName)
})

test('a login needs no session_key that opens the data', async () => {
  for (const [name, getUserInfo] of Object.entries({
    'of another person': () => userInfo('mallory'),
    damaged: async () => ({ encryptedData: 'AAAA', iv: 'AAAA' }),
    missing: async () => ({ encryptedData: undefined, iv: undefined }),
  })) {
    const phone = take('dora ' + name, { getUserInfo })
    assert.deepEqual(await login(), info('微信用户'), name)
    assert.equal((await request()).data.code, 0)
    assert.deepEqual(phone.paths(), ['/weapp/login', '/weapp/user'])
  }
})

test('data that was sealed before wx.login changed the key is read', async () => {
  await sim('/sim/people', { name: 'eve', nickname: 'Eve' })
  const before = { nickname: 'Eve, once' }
  take('eve')
  await login()
  await sim('/sim/people', { name: 'eve', ...before })
  const tapped = await userInfo('eve')
  await sim('/sim/rotate', { person: 'eve' })
  take('eve', { getUserInfo: async () => tapped })
  assert.equal((await login()).nickName, before.nickname)
})

test('a person whom WeChat shows to nobody keeps the name that they chose', async () => {
  await sim('/sim/people', { name: 'fay', nickname: '微信用户' })
  const phone = take('fay')
  assert.equal((await login()).nickName, '微信用户')
  const { skey: token } = phone.session()
  const me = (await api('GET', '/v1/me', { token })).data
  assert.equal(me.nickname, undefined, 'WeChat\'s placeholder is not stored')
  await api('POST', '/v1/me', { token, data: { nickname: '费' } })
  assert.equal((await login()).nickName, '费')
  assert.equal((await loginWithCode()).nickName, '费')
  assert.equal((await request()).data.data.nickName, '费')
})

test('nothing in an answer names the person or the session_key', async () => {
  const phone = take('gil')
  await login()
  await loginWithCode()
  await request()
  const { openid } = await sim('/sim/unionid', { person: 'gil', unionid: 'oAnother-gil' })
  await login()
  const said = phone.calls.map(({ answer }) => answer).join('\n')
  for (const secret of [openid, 'oAnother-gil', 'watermark', 'session_key']) assert.ok(!said.includes(secret), `${secret} is in ${said}`)
})

test('a login that WeChat refuses says no more than that', async () => {
  const phone = take('hal')
  await login()
  for (const fault of [{ kind: 'errcode', errcode: 40029 }, { kind: 'errcode', errcode: 45011 }, { kind: 'empty' }]) {
    await sim('/sim/fault', { ...fault, endpoint: 'jscode2session', times: 1 })
    await assert.rejects(login(), /响应错误，{"code":-1,"error":"ERR_GET_SESSION_KEY"}/)
    await sim('/sim/fault', { ...fault, endpoint: 'jscode2session', times: 1 })
    await assert.rejects(loginWithCode(), neverHere)
  }
  assert.equal((await request()).data.code, 0, 'the session is what it was')
  assert.ok(phone.session() && sdk.Session.get())
})
