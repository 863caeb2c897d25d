'use strict'
// The README's mini program in the hands of a person, on two phones.
const assert = require('node:assert/strict')
const { join } = require('node:path')
const { test } = require('node:test')
const { makeWx } = require('../wx')

const { SERVICE: service, SIMULATOR: simulator, MINIPROGRAM: miniprogram, SIMULATED: simulated } = process.env

// Starts the mini program on the phone, whose screen it is from then on.
function open (phone, folder = miniprogram) {
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file]
  globalThis.wx = phone.wx
  phone.wx.showModal = (asked) => {
    assert.equal(phone.modal, undefined)
    for (const word of [asked.confirmText, asked.cancelText]) assert.ok(word === undefined || word.length <= 4, 'WeChat refuses longer words')
    phone.modal = asked
  }
  globalThis.App = (app) => { phone.app = app }
  globalThis.Page = (page) => {
    page.setData = (data) => {
      for (const name of Object.keys(data)) assert.notEqual(data[name], undefined, name + ': WeChat takes no undefined')
      Object.assign(page.data, data)
    }
    phone.page = page
  }
  require(join(folder, 'app.js'))
  phone.client = require(join(folder, 'client.js'))
  require(join(folder, 'pages/index/index.js'))
  phone.app.onLaunch()
  return phone
}

async function until (what, holds) {
  for (let i = 0; !holds(); i++) {
    assert.ok(i < 500, what + ': not within 5 seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

// The person answers what is asked.
async function say (phone, confirm, question) {
  await until('something is asked', () => phone.modal)
  const { content, success } = phone.modal
  assert.match(content, question)
  phone.modal = undefined
  globalThis.wx = phone.wx
  await (success && success({ confirm, cancel: !confirm }))
}

// The person logs out everywhere, on another device.
async function endedElsewhere (phone) {
  const { header } = phone.calls.findLast(({ header }) => header.Authorization)
  const response = await fetch(service + '/v1/logout/all', { method: 'POST', headers: { Authorization: header.Authorization } })
  assert.equal(response.status, 204)
}

const times = (phone, path) => phone.calls.filter(({ url }) => url === service + path).length

test('the README leads to a logged-in page', async () => {
  const phone = open(makeWx({ simulator, person: 'reader' }))
  const { page } = phone

  // One login, although the app, the page and its phone button all want one.
  await page.onShow()
  const { id } = page.data.user
  assert.deepEqual([phone.logins, times(phone, '/v1/login'), page.data.problem], [1, 1, ''])

  // The person says who it is. What WeChat cleared changes nothing.
  await page.onNickname({ detail: { value: { nickname: ' Ada 🐼 ' } } })
  assert.equal(page.data.user.nickname, 'Ada 🐼')
  await page.onNickname({ detail: { value: { nickname: '' } } })
  assert.deepEqual([page.data.user.nickname, page.data.problem], ['Ada 🐼', 'invalid_request'])
  await page.onAvatar({ detail: { avatarUrl: 'wxfile://' + join(miniprogram, 'picture.png') } })
  const seen = await fetch(service + new URL(page.data.user.avatarUrl).pathname) // the issuer of a service at port 0 is no address
  assert.deepEqual([seen.status, seen.headers.get('content-type'), page.data.problem], [200, 'image/jpeg', ''])
  await page.onAvatar({ detail: { avatarUrl: join(miniprogram, 'app.js') } })
  assert.equal(page.data.problem, 'avatar_invalid')

  // A number, for whoever gives it. Nobody logs in between the tap and the request.
  await page.onPhone({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  assert.equal(page.data.problem, 'phone_refused')
  const detail = await phone.tapPhone()
  await page.onPhone({ detail })
  assert.match(page.data.user.phone, /^\d{3}\*{4}\d{4}$/)
  await page.onPhone({ detail }) // the same code again
  assert.equal(page.data.problem, 'phone_code_invalid')
  assert.deepEqual([phone.logins, times(phone, '/v1/token/refresh')], [1, 0])

  // A start later finds the session. Nothing is sent but the page's own request.
  open(phone)
  const before = phone.calls.length
  const shown = phone.page.onShow()
  assert.equal(phone.page.data.user.id, id, 'shown before anything is answered')
  await shown
  assert.deepEqual([phone.calls.length - before, phone.page.data.user.id], [1, id])

  // Who logs out stays out until the button is tapped.
  await phone.page.onLogout()
  assert.equal(phone.page.data.user, null)
  const sent = phone.calls.length
  await phone.page.onShow()
  open(phone)
  await phone.page.onShow()
  assert.deepEqual([phone.calls.length, phone.page.data.user, phone.page.data.state], [sent, null, 'out'])
  await phone.page.onLogin()
  assert.equal(phone.page.data.user.id, id)

  // Who leaves is asked before coming back.
  await phone.page.onLeave()
  assert.deepEqual([phone.page.data.user, phone.client.state()], [null, 'left'])
  await phone.page.onShow()
  await phone.page.onLogin()
  await say(phone, false, /^You have deleted your account/)
  assert.equal(phone.client.state(), 'left')
  await phone.page.onLogin()
  await say(phone, true, /^You have deleted your account/)
  assert.deepEqual([phone.page.data.user.id, phone.page.data.user.nickname, phone.modal], [id, 'Ada 🐼', undefined])

  // Another phone knows nothing of a deletion, and takes it back. It says so, and
  // asks again where deleting it after all fails.
  const tablet = open(makeWx({ simulator, person: 'reader' }))
  await tablet.page.onShow()
  globalThis.wx = phone.wx
  await phone.page.onLeave()
  globalThis.wx = tablet.wx
  await tablet.page.onShow()
  assert.equal(tablet.page.data.user.id, id)
  const takenBack = /^Logging in has taken back the deletion of your account/
  await endedElsewhere(tablet)
  await say(tablet, true, takenBack)
  tablet.meddle = ({ method }) => method === 'DELETE' ? { drop: 'request' } : undefined
  await say(tablet, true, takenBack)
  tablet.meddle = () => undefined
  await say(tablet, true, takenBack)
  await until('the account is left', () => tablet.client.state() === 'left' && tablet.calls.at(-1).statusCode === 202)
})

test('leaving never logs in: who is not logged in any more taps again', async () => {
  const phone = open(makeWx({ simulator, person: 'leaver' }))
  const { page } = phone
  await page.onShow()
  await endedElsewhere(phone)
  await page.onLeave()
  assert.deepEqual([page.data.problem, page.data.state, phone.logins], ['no_session', 'in', 1])
  await page.onLeave()
  assert.deepEqual([page.data.user, page.data.problem, page.data.state, phone.logins], [null, '', 'left', 2])
})

// A phone in WeChat's developer tool with the tourist's AppID: its codes are worth nothing.
function inTool (envVersion) {
  const phone = makeWx({ simulator })
  phone.wx.login = ({ success }) => { phone.logins++; success({ code: 'worthless' }) }
  phone.wx.getAccountInfoSync = () => ({ miniProgram: { appId: 'touristappid', envVersion } })
  return phone
}

test('without an AppID the simulator leads to it, too', async () => {
  const phone = open(inTool('develop'), simulated)
  const { page } = phone
  await page.onShow()
  const { id } = page.data.user
  assert.deepEqual([phone.logins, times(phone, '/v1/login'), page.data.problem], [0, 1, ''])
  await page.onPhone({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  assert.equal(page.data.problem, 'phone_refused')
  await page.onPhone({ detail: { errMsg: 'getPhoneNumber:fail no permission' } })
  assert.match(page.data.user.phone, /^\d{3}\*{4}\d{4}$/)

  await page.onLogout()
  open(phone, simulated)
  await phone.page.onLogin()
  assert.deepEqual([phone.page.data.user.id, phone.logins], [id, 0])
})

test('nowhere else does the simulator stand in for WeChat', async () => {
  for (const envVersion of ['trial', 'release', undefined]) {
    const phone = open(inTool(envVersion), simulated)
    await phone.page.onShow()
    assert.equal(phone.page.data.problem, 'code_invalid')
    assert.ok(phone.logins > 0)
    assert.deepEqual(phone.calls.filter(({ url }) => url.startsWith(simulator)), [])
  }
})
