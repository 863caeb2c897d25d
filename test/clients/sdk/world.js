'use strict'
// What the SDK's tests are made of: phones, the SDK as it is built, and the service
// and its simulator seen from beside. Each test has a person of its own.
const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { sign } = require('node:crypto')
const { readFileSync, readdirSync } = require('node:fs')
const { basename, join } = require('node:path')
const { makeWx } = require('../wx.js')
const { createClient } = require('../../../clients/miniprogram/miniprogram_dist/index.js')

const { SERVICE: service, SIMULATOR: simulator, WXLOGIN, DATA_DIR } = process.env
if (!service) throw new Error('go test ./test/clients runs this')

let people = 0

/** A phone on which the mini program starts. */
function start ({ person = `${basename(require.main.filename, '.test.js')}${++people}`, storage, meddle, wrap = (wx) => wx, ...options } = {}) {
  const phone = makeWx({ simulator, person, storage, meddle })
  const client = createClient({ baseURL: service, platform: wrap(phone.wx), ...options })
  return { phone, client }
}

/** The same phone, on which the mini program starts again. */
const restart = (phone, options) => start({ person: phone.person, storage: phone.storage, ...options })

/** The calls of a method and a path. */
const sent = (phone, what) => phone.calls.filter(({ method, url }) => `${method} ${new URL(url).pathname}` === what)

const logins = (phone) => sent(phone, 'POST /v1/login')
const refreshes = (phone) => sent(phone, 'POST /v1/token/refresh')
const refused = (phone) => phone.calls.filter(({ statusCode }) => statusCode === 401)
const header = (call, name) => Object.entries(call.header).find(([key]) => key.toLowerCase() === name)?.[1]
const path = (call) => new URL(call.url).pathname

/** n calls at once, fifty unless it is given, and what came of each. */
const fifty = (act, n = 50) => Promise.all(Array.from({ length: n }, (_, i) => act(i)))

/** Checks that a promise rejects with an error of the SDK, which it resolves to. */
async function rejects (promise, code) {
  const error = await promise.then((value) => assert.fail(`got ${JSON.stringify(value)}, want ${code}`), (error) => error)
  assert.ok(error instanceof Error && error.message, `got ${error}, want an error`)
  assert.equal(error.code, code, error.stack)
  return error
}

/** Checks that fifty requests at once all succeed. */
async function fiftySucceed (client, what = '/v1/me') {
  const answers = await fifty(() => client.request(what))
  assert.deepEqual(answers.map(({ statusCode }) => statusCode), Array(50).fill(200))
  return answers
}

const access = /eyJ[\w-]+\.[\w-]+\.[\w-]+/
const refresh = /wxr_[\w-]+/

/** The tokens in the storage of a phone. */
function tokens (phone) {
  const all = [...phone.storage.values()].join('\n')
  return { access: all.match(access)?.[0], refresh: all.match(refresh)?.[0] }
}

/** Makes another of the stored access token: one that the service refuses, unless it is said which. */
function spoil (phone, other = forged) {
  for (const [key, value] of phone.storage) phone.storage.set(key, value.replace(access, other))
}

const forged = (token) => token.slice(0, -10) + 'AAAAAAAAAA'

/** The token as the service would have made it an hour ago, signed with its key. */
function expired (token) {
  const [head] = token.split('.')
  const old = claims(token)
  const text = head + '.' + Buffer.from(JSON.stringify({ ...old, iat: old.iat - 3600, exp: old.exp - 3600 })).toString('base64url')
  const keys = join(DATA_DIR, 'keys')
  const [pem] = readdirSync(keys).map((name) => readFileSync(join(keys, name), 'utf8')).filter((text) => text.includes('PRIVATE KEY'))
  return text + '.' + sign('sha256', Buffer.from(text), { key: pem, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

/** A phone with a session, whose access token the phone takes for good and the service does not. */
async function startSpoiled (options, other) {
  const { phone } = start(options)
  await restart(phone).client.login()
  const session = sessionOf(phone)
  spoil(phone, other)
  return { ...restart(phone, options), session }
}

/** The session that the stored access token is of. */
const sessionOf = (phone) => claims(tokens(phone).access).sid
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

/** The service, without the SDK. */
async function api (method, path, { token, data } = {}) {
  const response = await fetch(service + path, {
    method,
    headers: { ...(token && { Authorization: 'Bearer ' + token }), ...(data && { 'Content-Type': 'application/json' }) },
    ...(data && { body: JSON.stringify(data) }),
  })
  const text = await response.text()
  return { status: response.status, data: text && JSON.parse(text) }
}

/** The simulator's management. */
async function sim (method, path, data) {
  const response = await fetch(simulator + path, { method, ...(data && { body: JSON.stringify(data) }) })
  const text = await response.text()
  assert.ok(response.ok, text)
  return text && JSON.parse(text)
}

/** How often WeChat was asked about a code. */
const codesAsked = async () => (await sim('GET', '/sim/calls')).calls.filter(({ endpoint }) => endpoint.includes('jscode2session')).length

/** Does to a user what an operator does. */
const operator = (what, user) => execFileSync(WXLOGIN, ['users', what, user], { env: { ...process.env, DATA_DIR }, encoding: 'utf8' })

/** Lets a banned user in again, who can log in from the next second on: tokens tell seconds. */
async function unban (user) {
  operator('unban', user)
  await pause(1010 - RealDate.now() % 1000)
}

/** Waits for what comes about by itself. */
async function until (holds) {
  for (const end = performance.now() + 20000; !await holds();) {
    assert.ok(performance.now() < end, `not within 20 s: ${holds}`)
    await pause(10)
  }
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** A promise with its resolve. */
function gate () {
  let open
  const opened = new Promise((resolve) => { open = resolve })
  return { open, opened }
}

/** Meddles with the calls of a path alone, one after the other. */
function on (wanted, ...does) {
  let n = 0
  return (call) => {
    if (!call.url || path(call) !== wanted) return undefined
    const act = does[n++]
    return typeof act === 'function' ? act(call) : act
  }
}

const RealDate = Date
let ahead = 0

/** The phone's clock. It goes wrong for everything in here. */
const clock = {
  shift (ms) { ahead += ms },
  right () { ahead = 0 },
}
globalThis.Date = class extends RealDate {
  constructor (...given) { given.length ? super(...given) : super(RealDate.now() + ahead) }
  static now () { return RealDate.now() + ahead }
}

const minute = 60000
const day = 24 * 60 * minute

module.exports = {
  service, start, restart, sent, logins, refreshes, refused, header, path, fifty, fiftySucceed, rejects, tokens, spoil, forged, expired, startSpoiled, sessionOf,
  api, sim, codesAsked, operator, unban, until, pause, gate, on, clock, minute, day, createClient,
}
