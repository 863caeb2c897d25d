'use strict'
const assert = require('node:assert/strict')
const { createServer } = require('node:http')
const { test } = require('node:test')
const { service, start, sent, logins, refreshes, rejects, fifty, startSpoiled, tokens, header, clock, minute } = require('./world.js')

// Addresses that are, or may be taken for, somebody else's.
const port = Number(new URL(service).port)
const host = new URL(service).host
const foreign = [
  'https://evil.example/v1/me',
  'http://evil.example/' + service,
  '//evil.example/v1/me',
  '/\\evil.example/v1/me',
  '\\\\evil.example/v1/me',
  '\\/evil.example',
  'evil.example/v1/me',
  'v1/me',
  '',
  ' /v1/me',
  ` ${service}/v1/me`,
  `\t//evil.example`,
  `http://${host}@evil.example/v1/me`,
  `http://user@${host}/v1/me`,
  `http://user:word@${host}/v1/me`,
  service + '@evil.example/v1/me',
  service + ':word@evil.example/v1/me',
  service + '.evil.example/v1/me',
  service + 'evil.example/v1/me',
  service + '0/v1/me', // another port
  service.slice(0, -1) + '/v1/me',
  service + '\\@evil.example/v1/me',
  service + '\\evil',
  service.replace('http:', 'https:') + '/v1/me',
  service.replace('http:', 'ws:') + '/v1/me',
  'javascript:alert(1)',
  'file:///etc/passwd',
  `http://127.0.0.1:${port === 80 ? 81 : 80}/v1/me`,
  'http:' + service.slice(7),
]

for (const session of [true, false]) {
  test(`addresses of others are sent nothing${session ? '' : ', without a session either'}`, async () => {
    const { phone, client } = start({ backends: ['https://api.example.com/shop'] })
    if (session) await client.login()
    const calls = phone.calls.length
    for (const url of [...foreign, 'https://api.example.com/', 'https://api.example.com/shopping', 'https://api.example.com.evil.example/shop', 'http://api.example.com/shop',
      ...['/../other', '/..', '/a/../../other', '/%2e%2e/other', '/.%2E/other', '/..?x', '/..#x', '\\..\\other', '/.\t./other', '/\n../other'].map((rest) => 'https://api.example.com/shop' + rest)]) {
      const error = await client.request(url).then(() => undefined, (error) => error)
      assert.equal(error?.code, 'foreign_url', JSON.stringify(url))
      assert.equal((await client.request({ url, method: 'POST', data: {} }).catch((error) => error)).code, 'foreign_url')
      assert.equal((await client.upload({ url, filePath: __filename }).catch((error) => error)).code, 'foreign_url')
    }
    assert.equal(phone.calls.length, calls)
    assert.equal(phone.logins, session ? 1 : 0)
  })
}

test('whole addresses of wxlogin are its own', async () => {
  const { phone, client } = start()
  for (const url of ['/v1/me', service + '/v1/me', service + '/v1/me?x=1', { url: service + '/v1/me' }]) {
    assert.equal((await client.request(url)).statusCode, 200)
  }
  for (const call of phone.calls) assert.equal(new URL(call.url).host, host)
})

/** A backend that asks wxlogin who is there, as forward authentication does. */
async function backend (t, answer) {
  const got = []
  const server = createServer(async (request, response) => {
    got.push(request.headers.authorization)
    const verified = await fetch(service + '/v1/verify', { headers: { Authorization: request.headers.authorization || '' } })
    request.resume()
    const [status, body] = answer(verified.status, verified.headers.get('x-user-id'), request)
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.close(); server.closeAllConnections() })
  return { got, url: `http://127.0.0.1:${server.address().port}` }
}

const plain = (status, user) => status === 200 ? [200, JSON.stringify({ user })] : [401, '']

test('a backend is sent the token, and its 401 without a code means it', async (t) => {
  const { got, url } = await backend(t, plain)
  const { phone, client, session } = await startSpoiled({ backends: [url + '/'] })
  const answers = await fifty(() => client.request(url + '/cart'))
  const { data: { id } } = await client.request('/v1/me')
  for (const { statusCode, data } of answers) assert.deepEqual([statusCode, data.user], [200, id])
  assert.equal(refreshes(phone).length, 1)
  assert.equal(phone.logins, 0)
  assert.ok(got.length <= 100)
  assert.ok(session)
})

test('a backend is logged in for, once', async (t) => {
  const { url } = await backend(t, plain)
  const { phone, client } = start({ backends: ['https://other.example.com', url] })
  const answers = await fifty(() => client.request({ url: url + '/cart', method: 'POST', data: { add: 1 } }))
  for (const { statusCode } of answers) assert.equal(statusCode, 200)
  assert.equal(logins(phone).length, 1)
  // The refresh token is wxlogin's alone.
  for (const { url: to, data, header } of phone.calls) if (to.startsWith(url)) assert.ok(!JSON.stringify([data, header]).includes('wxr_'))
})

for (const [what, body] of Object.entries({ 'without a word': '', 'with a page': '<html>401</html>', 'with JSON that names no code': '{"message":"no"}', 'with a code that is none': '{"code":401}' })) {
  test(`a backend that goes on answering 401 ${what} is asked twice, and once where the token is new`, async (t) => {
    const { got, url } = await backend(t, () => [401, body])
    const { phone, client } = start({ backends: [url] })
    await client.login()
    const lost = []
    client.onSessionLost((error) => lost.push(error))
    assert.equal((await rejects(client.request(url + '/cart'), 'http_error')).statusCode, 401)
    assert.deepEqual([got.length, refreshes(phone).length], [1, 0])
    t.after(clock.right)
    clock.shift(minute)
    assert.equal((await rejects(client.request(url + '/cart'), 'http_error')).statusCode, 401)
    assert.equal(got.length, 3)
    assert.notEqual(got[1], got[2])
    await fifty(() => rejects(client.request(url + '/cart'), 'http_error'))
    assert.deepEqual([got.length, refreshes(phone).length], [53, 1])
    assert.equal(phone.logins, 1)
    assert.deepEqual(lost, [])
    assert.equal((await client.request('/v1/me')).statusCode, 200)
  })
}

test('a backend\'s 401 with a code of its own is about something else', async (t) => {
  const { got, url } = await backend(t, () => [401, '{"code":"card_refused","detail":"Take another card."}'])
  const { phone, client } = start({ backends: [url] })
  const error = await rejects(client.request(url + '/pay'), 'card_refused')
  assert.deepEqual([error.statusCode, error.detail, error.data.code], [401, 'Take another card.', 'card_refused'])
  assert.equal(got.length, 1)
  assert.equal(refreshes(phone).length, 0)
})

test('a backend\'s 403 is the caller\'s', async (t) => {
  const { url } = await backend(t, () => [403, '{"code":"not_yours"}'])
  const { phone, client } = start({ backends: [url] })
  assert.equal((await rejects(client.request(url + '/x'), 'not_yours')).statusCode, 403)
  assert.equal(phone.logins, 1)
})

test('what a backend answers is handed on', async (t) => {
  const answers = { '/list': [200, '[1,2]'], '/none': [204, undefined], '/text': [201, 'hello'] }
  const { url } = await backend(t, (_, __, request) => answers[request.url])
  const { client } = start({ backends: [url] })
  assert.deepEqual((await client.request(url + '/list')).data, [1, 2])
  assert.equal((await client.request(url + '/none')).statusCode, 204)
  const { statusCode, data, header: got } = await client.request({ url: url + '/text', dataType: 'text' })
  assert.deepEqual([statusCode, data], [201, 'hello'])
  assert.equal(got['content-type'], 'application/json')
})

test('an Authorization of the caller\'s own is replaced', async () => {
  const { phone, client } = start()
  for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
    await client.request({ url: '/v1/me', header: { [name]: 'Basic Zm9v', 'X-Mine': 'yes' } })
    const call = phone.calls.at(-1)
    assert.equal(Object.keys(call.header).filter((key) => key.toLowerCase() === 'authorization').length, 1)
    assert.match(header(call, 'authorization'), /^Bearer eyJ/)
    assert.equal(call.header['X-Mine'], 'yes')
  }
})

test('what the caller passes is not changed', async () => {
  const { client } = await startSpoiled()
  const given = Object.freeze({ url: '/v1/me', method: 'POST', data: Object.freeze({ nickname: 'Frozen' }), header: Object.freeze({ 'X-Mine': 'yes' }) })
  assert.equal((await client.request(given)).data.nickname, 'Frozen')
})

test('nothing that ends with the SDK names a token', async () => {
  const { phone, client } = start()
  await client.login()
  const { access, refresh } = tokens(phone)
  const error = await rejects(client.request({ url: '/v1/nothing' }), 'not_found')
  const text = JSON.stringify(error) + error.message + error.stack
  assert.ok(!text.includes(access) && !text.includes(refresh))
  assert.equal(sent(phone, 'GET /v1/nothing').length, 1)
})
