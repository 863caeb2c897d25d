'use strict'
// The demo's pages on phones, against a running service: SERVICE and SIMULATOR say
// where, WXLOGIN is the program, and DATA_DIR where its users are.
const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, test } = require('node:test')
const { makePhone, SERVICE, SIMULATOR, sleep } = require('./phone')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wxlogin-demo-'))
after(() => fs.rmSync(folder, { recursive: true }))

const picture = file('a.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))

function file (name, content) {
  const at = path.join(folder, name)
  fs.writeFileSync(at, content)
  return at
}

// A phone of somebody new, unless it says whose.
function newPhone (t, options = {}) {
  const phone = makePhone({ person: randomUUID(), ...options })
  t.after(phone.close)
  return phone
}

async function launched (t, options) {
  const phone = newPhone(t, options)
  await relaunched(phone)
  return phone
}

// Returns when the first page has heard of the user's present state.
async function relaunched (phone) {
  const before = phone.calls.length
  phone.launch()
  await phone.until('the user is known', () => phone.calls.slice(before).some((call) => call.url === SERVICE + '/v1/me' && call.method === 'GET' && call.statusCode === 200))
  await phone.says('用户编号')
  await sleep(20)
  phone.requests()
}

// Checks what the phone has sent since it was asked last, which includes that no more follows.
async function sent (phone, requests) {
  await phone.until(requests.length + ' answers', () => phone.answered() >= requests.length)
  await sleep(100)
  assert.deepEqual(phone.requests(), requests)
}

// Who is logged in on the phone, as the service says it, beside the demo.
async function me (phone) {
  const call = phone.calls.findLast(({ header }) => header.Authorization)
  const response = await fetch(SERVICE + '/v1/me', { headers: { Authorization: call.header.Authorization } })
  return response.json()
}

// Sets a fault of WeChat's, or ends all.
const fault = (what) => fetch(SIMULATOR + '/sim/fault', what ? { method: 'POST', body: JSON.stringify(what) } : { method: 'DELETE' })
  .then((response) => assert.ok(response.ok, response.status))

const users = (command, id) => execFileSync(process.env.WXLOGIN, ['users', command, id], { stdio: ['ignore', 'ignore', 'pipe'] })
const idOf = (phone) => /用户编号 ([0-9a-f-]{36})/.exec(phone.text())[1]

// Ends every session of the phone's person, on another phone.
async function everywhere (phone) {
  const { tokens } = JSON.parse(phone.storage.get('wxlogin'))
  const response = await fetch(SERVICE + '/v1/logout/all', { method: 'POST', headers: { Authorization: 'Bearer ' + tokens.accessToken } })
  assert.equal(response.status, 204)
}

test('a launch logs in silently, once for app and page, and shows the user', async (t) => {
  const phone = newPhone(t)
  phone.launch()
  assert.match(phone.text(), /正在登录/)
  await phone.says('用户编号')
  assert.equal(phone.logins, 1, 'calls of wx.login')
  await sent(phone, ['POST /v1/login 200', 'GET /v1/me 200'])
  assert.equal((await me(phone)).id, idOf(phone))
  assert.match(phone.text(), /未绑定/)
  assert.deepEqual(phone.modals, [])
})

test('the login does not wait for a page', async (t) => {
  const phone = newPhone(t)
  phone.start()
  await sent(phone, ['POST /v1/login 200'])
})

test('a second launch uses the session', async (t) => {
  const phone = await launched(t)
  const id = idOf(phone)
  phone.launch()
  assert.equal(idOf(phone), id, 'shown before anything is answered')
  await sent(phone, ['GET /v1/me 200'])
  assert.equal(phone.logins, 1, 'calls of wx.login')
})

test('a nickname is saved, and is there after the next launch', async (t) => {
  const phone = await launched(t)
  phone.submit('.nickname-form', '  小明 🐼 ')
  await phone.until('it says so', () => phone.toasts.includes('已保存'))
  assert.equal((await me(phone)).nickname, '小明 🐼')
  assert.equal(phone.attribute(phone.find('.nickname'), 'value'), '小明 🐼')
  await relaunched(phone)
  assert.equal(phone.attribute(phone.find('.nickname'), 'value'), '小明 🐼')
})

test('a nickname that is refused is explained, and stays to be mended', async (t) => {
  const phone = await launched(t)
  phone.submit('.nickname-form', '微信用户')
  await phone.says('昵称不可用')
  await phone.idle()
  assert.equal(phone.attribute(phone.find('.nickname'), 'value'), '微信用户')
  assert.equal((await me(phone)).nickname, undefined)
  assert.deepEqual(phone.toasts, [])

  phone.requests()
  phone.submit('.nickname-form', '') // as WeChat's own check leaves it
  await phone.says('请输入昵称')
  await sent(phone, [])

  phone.submit('.nickname-form', '小红')
  await phone.until('it is saved', () => phone.toasts.length === 1)
  assert.doesNotMatch(phone.text(), /昵称不可用|请输入昵称/)
})

test('a chosen picture is uploaded, and shown', async (t) => {
  const phone = await launched(t)
  assert.ok(!phone.has('.avatar') || phone.has('.avatar-none'))
  phone.chooseAvatar(picture)
  await phone.until('the picture', () => !phone.has('.avatar-none') && phone.has('.avatar'))
  const url = phone.attribute(phone.find('.avatar'), 'src')
  assert.equal(url, (await me(phone)).avatarUrl)
  const response = await fetch(new URL(new URL(url).pathname, SERVICE))
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('Content-Type'), 'image/jpeg')
})

test('a picture that cannot be used is explained', async (t) => {
  const phone = await launched(t)
  phone.chooseAvatar(file('broken.png', 'not a picture'))
  await phone.says('这张图片无法使用')
  await phone.idle()
  phone.chooseAvatar(file('large.png', Buffer.concat([fs.readFileSync(picture), Buffer.alloc(3 << 20)])))
  await phone.says('图片太大了')
  await phone.idle()
  assert.ok(phone.has('.avatar-none'))
  phone.chooseAvatar(picture)
  await phone.until('the picture', () => !phone.has('.avatar-none'))
  assert.doesNotMatch(phone.text(), /图片/)
})

test('an answer from before the upload does not bring back what was there before', async (t) => {
  let release, held
  const phone = await launched(t, { meddle: ({ url, method }) => held && method === 'GET' && url === SERVICE + '/v1/me' ? { after: () => held } : undefined })
  held = new Promise((resolve) => { release = resolve })
  phone.chooseAvatar(picture)
  await phone.until('the picture', () => phone.has('.avatar') && !phone.has('.avatar-none'))
  await phone.idle()
  release()
  await sleep(100)
  assert.ok(!phone.has('.avatar-none'))
})

test('what is being done disables the buttons', async (t) => {
  let go
  const phone = await launched(t, { meddle: ({ api }) => api === 'uploadFile' ? new Promise((resolve) => { go = resolve }) : undefined })
  phone.chooseAvatar(picture)
  await phone.says('上传中')
  await phone.until('the upload', () => go)
  assert.throws(() => phone.submit('.nickname-form', '小明'), /disabled/)
  assert.throws(() => phone.chooseAvatar(picture), /disabled/)
  go()
  await phone.until('the picture', () => phone.has('.avatar') && !phone.has('.avatar-none'))
  await phone.idle()
  phone.submit('.nickname-form', '小明')
  await phone.until('it is saved', () => phone.toasts.length === 1)
})

test('a phone number is bound, shown masked, and removed', async (t) => {
  const phone = await launched(t)
  await phone.givePhone()
  await phone.until('a masked number', () => /1\d{2}\*{4}\d{4}/.test(phone.text()))
  await sent(phone, ['PUT /v1/me/phone 200'])
  assert.equal(phone.logins, 1, 'calls of wx.login')
  assert.ok(phone.text().includes((await me(phone)).phone))
  await phone.idle()
  phone.tap('.remove-phone')
  await phone.answer('解绑手机号', true)
  await phone.says('未绑定')
  assert.equal((await me(phone)).phone, undefined)
})

test('whoever gives no number is told gently, and nothing is sent', async (t) => {
  const phone = await launched(t)
  await phone.givePhone({ errMsg: 'getPhoneNumber:fail user deny' })
  await phone.says('没关系')
  assert.match(phone.text(), /手机号 ?未绑定/)
  await sent(phone, [])
  await phone.idle()
  await phone.givePhone({ errMsg: 'getPhoneNumber:ok', code: 'spent' })
  await phone.says('手机号授权已失效')
  await phone.idle()
  await phone.givePhone()
  await phone.until('a masked number', () => /1\d{2}\*{4}\d{4}/.test(phone.text()))
  assert.doesNotMatch(phone.text(), /手机号授权已失效/)
})

test('one ends the session of another phone, which then logs in again', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person, model: 'HUAWEI Mate 60' })
  phone.follow('登录设备')
  await phone.says('HUAWEI Mate 60')
  assert.equal(phone.all('.session').length, 2)
  assert.match(phone.find('.session', (row) => row.querySelector('.current') || row.dom.textContent.includes('本机')).dom.textContent, /iPhone 15/)
  const year = new Date().getFullYear()
  assert.equal(phone.text().match(new RegExp(`${year}-\\d\\d-\\d\\d \\d\\d:\\d\\d 登录`, 'g')).length, 2)

  phone.tap('.end')
  await phone.answer('HUAWEI Mate 60', false)
  await sleep(50)
  assert.equal(phone.all('.session').length, 2, 'sessions after a no')

  phone.tap('.end')
  await phone.answer('HUAWEI Mate 60', true)
  await phone.until('one session is left', () => phone.all('.session').length === 1)
  assert.match(phone.text(), /iPhone 15/)

  await relaunched(other)
  assert.equal(other.logins, 2, 'calls of wx.login on the other phone')
  phone.pullDown()
  await phone.says('HUAWEI Mate 60')
})

test('a session that has ended meanwhile is taken for ended', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person, model: 'HUAWEI Mate 60' })
  phone.follow('登录设备')
  await phone.says('HUAWEI Mate 60')
  other.follow('账号与安全')
  other.tap('.log-out')
  await other.says('你已退出登录')
  await other.until('an answer', () => other.calls.at(-1).statusCode === 204)
  phone.requests()

  phone.tap('.end')
  await phone.answer('HUAWEI Mate 60', true)
  await phone.until('one session is left', () => phone.all('.session').length === 1)
  await sent(phone, [`DELETE ${new URL(phone.calls.find(({ method }) => method === 'DELETE').url).pathname} 404`, 'GET /v1/sessions 200'])
  assert.ok(!phone.has('.notice'), phone.text())
})

test('who logs out is asked to log in, and nothing more is sent', async (t) => {
  const phone = await launched(t)
  const id = idOf(phone)
  phone.follow('账号与安全')
  phone.tap('.log-out')
  await phone.says('你已退出登录')
  await sent(phone, ['POST /v1/logout 204'])
  phone.launch()
  await sent(phone, [])
  assert.match(phone.text(), /你已退出登录 ?登录/)
  assert.equal(phone.logins, 1, 'calls of wx.login')

  phone.tap('.login')
  await phone.says('用户编号')
  assert.equal(idOf(phone), id)
  assert.equal(phone.logins, 2, 'calls of wx.login')
})

test('one logs out everywhere', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person })
  phone.follow('登录设备')
  await phone.says('退出所有设备')
  phone.tap('.everywhere')
  await phone.answer('退出所有设备', true)
  await phone.says('你已退出登录')
  await relaunched(other)
  assert.equal(other.logins, 2, 'calls of wx.login on the other phone')
})

test('who leaves is told when the data goes, stays logged out, and may come back', async (t) => {
  const phone = await launched(t)
  const id = idOf(phone)
  phone.follow('账号与安全')
  phone.tap('.leave')
  await phone.answer('注销账号', false)
  await sent(phone, [])

  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('账号已注销')
  await sent(phone, ['DELETE /v1/me 202'])
  const at = new Date(JSON.parse(phone.calls.at(-1).answer).deletionAt)
  const two = (number) => String(number).padStart(2, '0')
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
  await phone.says(`数据将于 ${date} 删除`)

  phone.launch()
  await phone.says(`数据将于 ${date} 删除`)
  await sent(phone, [])
  assert.equal(phone.logins, 1, 'calls of wx.login')

  phone.tap('.back')
  await phone.answer('恢复账号', false)
  await sent(phone, [])
  phone.tap('.back')
  await phone.answer('恢复账号', true)
  await phone.says('用户编号')
  assert.equal(idOf(phone), id)
  assert.deepEqual(phone.modals, [], 'nobody is told what they asked for')
})

test('where the answer to leaving is lost, the page asks again and knows the date', async (t) => {
  let lose = true
  const phone = await launched(t, { meddle: ({ method }) => method === 'DELETE' && lose ? { drop: 'request' } : undefined })
  phone.follow('账号与安全')
  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('账号已注销')
  await phone.says('网络连接失败')
  lose = false
  phone.launch()
  await phone.says('数据将于')
  assert.equal(phone.logins, 1, 'calls of wx.login')
})

test('who may not leave now is told so, and stays logged in', async (t) => {
  let limited = true
  const phone = await launched(t, {
    meddle: ({ method }) => method === 'DELETE' && limited ? { answer: { statusCode: 429, data: { code: 'rate_limited' }, header: { 'Retry-After': '7' } } } : undefined,
  })
  const id = idOf(phone)
  phone.follow('账号与安全')
  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('操作过于频繁，请稍后再试（7 秒后可重试）')
  await phone.idle()
  phone.back()
  await phone.idle()
  assert.equal(idOf(phone), id)
  assert.equal(phone.logins, 1, 'calls of wx.login')

  limited = false
  phone.follow('账号与安全')
  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('数据将于')
})

test('who is not logged in any more logs in before leaving', async (t) => {
  const phone = await launched(t)
  const id = idOf(phone)
  phone.follow('账号与安全')
  await everywhere(phone)
  phone.requests()
  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('登录已失效，请先登录，再注销')
  await phone.idle()
  assert.equal(phone.logins, 1, 'calls of wx.login')

  phone.tap('.login')
  await phone.answer('注销账号', true) // asked again
  await phone.says('数据将于')
  assert.equal(phone.logins, 2, 'calls of wx.login')
  phone.tap('.back')
  await phone.answer('恢复账号', true)
  await phone.says('用户编号')
  assert.equal(idOf(phone), id)
})

test('where a login before leaving brings the account back, one question is asked', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person })
  phone.follow('账号与安全')
  other.follow('账号与安全')
  other.tap('.leave')
  await other.answer('注销账号', true)
  await other.says('数据将于')

  phone.tap('.leave')
  await phone.answer('注销账号', true)
  await phone.says('请先登录，再注销')
  await phone.idle()
  phone.tap('.login')
  await phone.until('it is asked', () => phone.modals.length > 0)
  await sleep(100)
  assert.deepEqual(phone.modals.map(({ title }) => title), ['账号已恢复'])

  // The session ends while the question stands.
  await everywhere(phone)
  await phone.answer('账号已恢复', true)
  await phone.answer('账号已恢复', true)
  await phone.says('数据将于')
})

test('a phone that took back a deletion by itself asks whether that was meant', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person })
  const leave = async () => {
    other.follow('账号与安全')
    other.tap('.leave')
    await other.answer('注销账号', true)
    await other.says('数据将于')
  }
  await leave()
  phone.launch()
  await phone.answer('账号已恢复', false)
  await phone.idle()
  assert.match(phone.text(), /用户编号/)

  other.tap('.back')
  await other.answer('恢复账号', true)
  await other.says('用户编号')
  await other.idle()
  await leave()
  phone.launch()
  await phone.answer('账号已恢复', true)
  await phone.says('数据将于')
})

test('who is banned is told so at launch, and is not logged in again and again', async (t) => {
  const phone = await launched(t)
  const id = idOf(phone)
  users('ban', id)
  const other = newPhone(t, { person: phone.person })
  other.launch()
  await other.says('账号已被封禁')
  await sent(other, ['POST /v1/login 403'])
  other.tap('.retry')
  await other.until('one more', () => other.calls.length === 2)
  await other.says('账号已被封禁')
  await other.idle()

  users('unban', id)
  await sleep(1100) // tokens of the ban's own second are refused, whenever they were made
  other.tap('.retry')
  await other.says('用户编号')
})

test('who is banned while logged in is told so, and is not logged in unasked', async (t) => {
  const phone = await launched(t)
  users('ban', idOf(phone))
  phone.launch()
  await phone.answer('账号已被封禁', true)
  await phone.says('登录失败')
  await sleep(300)
  const requests = phone.requests() // how many depends on whether the token or the person is refused first
  assert.ok(requests.filter((line) => line.startsWith('POST /v1/login')).length <= 1 && requests.length <= 3, requests)
  phone.tap('.retry')
  await sent(phone, ['POST /v1/login 403'])
  await phone.idle()
  assert.match(phone.text(), /账号已被封禁/)
  assert.deepEqual(phone.modals, [])
})

test('whoever cannot be logged in silently any more is told so, once', async (t) => {
  const phone = await launched(t)
  const other = await launched(t, { person: phone.person })
  phone.follow('账号与安全') // from here, the first page is not looked at
  other.follow('登录设备')
  await other.says('退出所有设备')
  other.tap('.everywhere')
  await other.answer('退出所有设备', true)
  await other.says('你已退出登录')
  await fault({ kind: 'errcode', errcode: 40226, endpoint: 'jscode2session' }) // a high risk
  t.after(() => fault())
  phone.back()
  await phone.answer('已拦截本次登录', true)
  await phone.says('登录失败')
  await sent(phone, ['GET /v1/me 401', 'POST /v1/token/refresh 401', 'POST /v1/login 403'])
  assert.deepEqual(phone.modals, [])
  await fault()
  phone.tap('.retry')
  await phone.says('用户编号')
})

test('a launch without a network offers to try again', async (t) => {
  let down = true
  const phone = newPhone(t, { meddle: () => down ? { drop: 'request' } : undefined })
  phone.launch()
  await phone.says('登录失败')
  assert.match(phone.text(), /请检查网络后重试/)
  down = false
  phone.tap('.retry')
  await phone.says('用户编号')

  down = true
  phone.launch()
  await phone.says('网络连接失败')
  assert.match(phone.text(), /用户编号/, 'what is known stays')
  phone.follow('登录设备')
  await phone.says('加载失败')
  down = false
  phone.tap('.retry')
  await phone.says('iPhone 15')
})

test('a session that is refused again and again is told so, and there is a way on', async (t) => {
  let refuse = false
  const phone = await launched(t, {
    meddle: ({ url }) => refuse && url === SERVICE + '/v1/me' ? { answer: { statusCode: 401, data: { code: 'session_revoked' } } } : undefined,
  })
  refuse = true
  phone.launch()
  await phone.says('登录失败')
  assert.match(phone.text(), /登录已失效，请重新登录/)
  refuse = false
  phone.tap('.retry')
  await phone.says('用户编号')
})

test('whoever has not allowed the address yet is told where', async (t) => {
  const phone = newPhone(t, { meddle: ({ api }) => { if (api === 'request') throw new Error('url not in domain list') } })
  phone.launch()
  await phone.says('请在开发者工具中关闭域名校验，或在后台添加合法域名')
})

test('an access token that is refused is not noticed', async (t) => {
  let refuse = false
  const phone = await launched(t, {
    meddle: ({ url, method }) => {
      if (!refuse || method !== 'POST' || url !== SERVICE + '/v1/me') return undefined
      refuse = false
      return { answer: { statusCode: 401, data: { code: 'token_expired' } } }
    },
  })
  refuse = true
  phone.submit('.nickname-form', '小明')
  await phone.until('it is saved', () => phone.toasts.length === 1)
  await sent(phone, ['POST /v1/me 401', 'POST /v1/token/refresh 200', 'POST /v1/me 200'])
  assert.equal(phone.logins, 1, 'calls of wx.login')
  assert.equal((await me(phone)).nickname, '小明')
})

test('who is too fast is told how long to wait', async (t) => {
  const phone = await launched(t, {
    meddle: ({ api }) => api === 'uploadFile' ? { answer: { statusCode: 429, data: '{"code":"rate_limited"}', header: { 'retry-after': '7' } } } : undefined,
  })
  phone.chooseAvatar(picture)
  await phone.says('操作过于频繁，请稍后再试（7 秒后可重试）')
})

test('what nobody expects is named by its number', async (t) => {
  const phone = await launched(t, {
    meddle: ({ api }) => api === 'uploadFile' ? { answer: { statusCode: 500, data: '{"code":"internal","requestId":"r-42"}' } } : undefined,
  })
  phone.chooseAvatar(picture)
  await phone.says('出错了，请稍后再试（编号 r-42）')
})

test("in WeChat's tool, without an AppID, the simulator stands in for WeChat", async (t) => {
  const phone = newPhone(t, { inTool: true })
  await relaunched(phone)
  const login = phone.calls.find(({ url }) => url === SERVICE + '/v1/login')
  assert.equal(login.data.appId, undefined, 'the AppID: a tourist has none')
  await phone.givePhone({ errMsg: 'getPhoneNumber:fail user deny' })
  await phone.says('没关系')
  await phone.idle()
  await sent(phone, [])
  await phone.givePhone({ errMsg: 'getPhoneNumber:fail no permission' })
  await phone.until('a masked number', () => /1\d{2}\*{4}\d{4}/.test(phone.text()))

  const other = newPhone(t, { inTool: true })
  await relaunched(other)
  assert.notEqual(idOf(other), idOf(phone), 'each installation is a person of its own')
  phone.storage.delete('wxlogin')
  const id = idOf(phone)
  await relaunched(phone)
  assert.equal(idOf(phone), id, 'and stays that person')
})

test('a released version never asks the simulator', async (t) => {
  const phone = await launched(t)
  assert.deepEqual(phone.calls.filter(({ url }) => !url.startsWith(SERVICE + '/v1/')), [])
  await phone.givePhone({ errMsg: 'getPhoneNumber:fail no permission' })
  await phone.says('没关系')
  await sent(phone, [])
})
