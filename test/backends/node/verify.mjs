// Reads tokens, one a line, and writes what two libraries make of each, one JSON
// object a line: the user, or why not. Neither library is ours, and both are used
// as their manuals say. Run by the Go tests.
//
//   node verify.mjs ISSUER AUDIENCE ALG
import { createPublicKey } from 'node:crypto'
import { createInterface } from 'node:readline'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'

const [issuer, audience, alg] = process.argv.slice(2)
const url = new URL(issuer + '/.well-known/jwks.json')

// The default cooldown is 30 seconds, which is long for a test.
const remote = createRemoteJWKSet(url, { cooldownDuration: 100 })

async function jose (token) {
  const { payload } = await jwtVerify(token, remote, {
    typ: 'at+jwt', algorithms: [alg], issuer, audience, requiredClaims: ['exp', 'sub'],
  })
  return payload.sub
}

async function key ({ kid }) {
  const { keys } = await (await fetch(url)).json()
  const jwk = keys.find((k) => k.kid === kid)
  if (!jwk) throw new Error('no such key')
  return createPublicKey({ key: jwk, format: 'jwk' })
}

// jsonwebtoken looks at no typ, and takes a token without an end.
async function classic (token) {
  const find = (header, done) => key(header).then((found) => done(null, found), done)
  const { header, payload } = await new Promise((resolve, reject) => {
    jsonwebtoken.verify(token, find, { algorithms: [alg], issuer, audience, complete: true },
      (error, verified) => error ? reject(error) : resolve(verified))
  })
  if (header.typ !== 'at+jwt' || !payload.exp || !payload.sub) throw new Error('not an access token')
  return payload.sub
}

const verdict = (check, token) => check(token).then((user) => ({ user }), (error) => ({ error: `${error.code ?? error.name}: ${error.message}` }))

for await (const token of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ jose: await verdict(jose, token), jsonwebtoken: await verdict(classic, token) }))
}
