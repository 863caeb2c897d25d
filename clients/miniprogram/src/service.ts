import { badAnswer } from './errors'
import { Store, Tokens } from './store'
import { ClientError, LoginOptions, LoginResult, OpenData, Platform } from './types'
import { Wire } from './wire'

/** wxlogin's endpoints that begin and end sessions. */
export interface Service {
  /** Logs in with a code of wx.login. Where an answer is lost it asks again, for the same session, while `wanted`. */
  login(code: string, options: LoginOptions, wanted: () => boolean): Promise<{ tokens: Tokens; result: LoginResult }>
  /** Spends a refresh token, and again where an answer is lost: all within 25 s, for the service's grace is 30. */
  refresh(spent: Tokens): Promise<Tokens>
  logout(token: string): Promise<void>
  logoutEverywhere(token: string): Promise<void>
  /** Resolves to when the data of the account goes. */
  leave(token: string): Promise<string>
}

const answerLimit = 20000 // ms
const refreshLimit = 8000 // ms
const pause = 300 // ms before what got no answer is sent again

export function createService(platform: Platform, wire: Wire, store: Store, base: string, appId: string | undefined): Service {
  const ask = (method: string, path: string, options: object, token?: string) =>
    wire.request({ url: base + path, method, timeout: answerLimit, redirect: 'manual', ...options }, token)

  // For what may be sent again where no answer came.
  async function post(path: string, options: object, wanted: () => boolean): Promise<any> {
    for (let left = 2; ; left--) {
      try {
        return (await ask('POST', path, options)).data
      } catch (error) {
        const { code, detail } = error as ClientError
        const hopeless = /domain list/i.test(detail || '') // of the console: it is not on it in a moment
        if (code !== 'network_error' || hopeless || left === 0 || !wanted()) throw error
      }
      await new Promise<void>((resolve) => setTimeout(() => resolve(), pause))
    }
  }

  return {
    // A code works once: the key, made before the first try and the same in each, gets
    // the answer that was lost.
    async login(code, { phoneCode, profile }, wanted) {
      const key = await wire.random()
      const device = { id: await store.device(wire.random), ...deviceOf(platform) }
      const data = defined({ appId, code, device, phoneCode, profile: profile && openData(profile) })
      const answer = await post('/v1/login', { data, header: { 'Idempotency-Key': key } }, wanted)
      const tokens = tokensOf(answer)
      const { user, newUser, restored, warnings } = answer
      if (!user || typeof user.id !== 'string') throw badAnswer()
      return { tokens, result: { user, newUser: !!newUser, restored: !!restored, warnings: warnings || [] } }
    },
    refresh: async ({ refreshToken }) => tokensOf(await post('/v1/token/refresh', { data: { refreshToken }, timeout: refreshLimit }, () => true)),
    logout: (token) => ask('POST', '/v1/logout', {}, token).then(done),
    logoutEverywhere: (token) => ask('POST', '/v1/logout/all', {}, token).then(done),
    async leave(token) {
      const { data } = await ask('DELETE', '/v1/me', {}, token)
      if (!data || typeof data.deletionAt !== 'string') throw badAnswer()
      return data.deletionAt
    },
  }
}

/** Takes the answer that has no body. What a portal answers is not one. */
export function done({ statusCode }: { statusCode: number }): void {
  if (statusCode !== 204) throw badAnswer()
}

// What wx.getUserProfile gives has more in it, which the service does not know.
function openData({ encryptedData, iv, rawData, signature }: OpenData): object {
  return { encryptedData, iv, rawData, signature }
}

// Without the members that are undefined.
function defined(body: object): object {
  return JSON.parse(JSON.stringify(body))
}

function tokensOf(answer: any): Tokens {
  const { accessToken, refreshToken, expiresIn, refreshExpiresIn } = answer || {}
  if (typeof accessToken !== 'string' || typeof refreshToken !== 'string' || !(expiresIn > 0) || !(refreshExpiresIn > 0)) throw badAnswer()
  const now = Date.now()
  const life = expiresIn * 1000
  return {
    accessToken,
    refreshToken,
    renewAt: now + life - Math.min(60000, life / 10),
    expiresAt: now + life,
    refreshExpiresAt: now + refreshExpiresIn * 1000,
  }
}

// Shown in the list of sessions. It is never a reason for a login to fail.
function deviceOf(platform: Platform): { name?: string; platform?: string } {
  try {
    const about = platform.getDeviceInfo || platform.getSystemInfoSync
    const info = about ? about.call(platform) : {}
    return { name: plain(info.model, 64), platform: plain(info.platform, 32) }
  } catch (_) {
    return {}
  }
}

function plain(text: unknown, length: number): string {
  return String(text || '').replace(/[\x00-\x1f\x7f-\x9f]/g, ' ').slice(0, length)
}
