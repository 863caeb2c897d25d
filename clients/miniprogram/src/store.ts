import { Platform, State, User } from './types'

/** What an answer with tokens becomes. Times are this device's, in ms. */
export interface Tokens {
  accessToken: string
  /** The access token is not used any more from then on, if it can be renewed. */
  renewAt: number
  expiresAt: number
  refreshToken: string
  refreshExpiresAt: number
}

/** What is kept. In the state `in` there are no tokens without their user. */
export interface Kept {
  state: State
  tokens?: Tokens
  user?: User
  /** When the data of an account that was left goes; '' is unknown. */
  deletionAt?: string
}

/** Keeps it in memory, and in the platform's storage for the next start. */
export interface Store {
  get(): Kept
  set(next: Kept): void
  /** A random id of this installation, made by `make` when there is none yet. */
  device(make: () => Promise<string>): Promise<string>
}

const key = 'wxlogin'
const deviceKey = 'wxlogin.device'

/** `service` is whose tokens these are: another service's are never used, nor sent. */
export function createStore(platform: Platform, service: string): Store {
  let kept = sane(read(key), service)
  let device: Promise<string> | undefined

  function read(name: string): any {
    try {
      return platform.getStorageSync(name)
    } catch (_) {
      return undefined
    }
  }

  function write(name: string, value: unknown): void {
    try {
      platform.setStorageSync(name, value)
    } catch (_) {
      remove(name) // what is there is out of date: better none, and memory serves until the next start
    }
  }

  function remove(name: string): void {
    try {
      platform.removeStorageSync(name)
    } catch (_) {
      // nothing can be kept
    }
  }

  return {
    get: () => kept,
    set(next) {
      kept = next
      write(key, { service, ...next })
    },
    device(make) {
      const stored = read(deviceKey)
      if (typeof stored === 'string' && /^[\w.-]{8,64}$/.test(stored)) return Promise.resolve(stored)
      device = device || make().then((made) => { write(deviceKey, made); return made })
      return device
    },
  }
}

// Storage may hold anything: an older version's, or what a debugger typed. Of another
// service only whether the person is out is kept.
function sane(stored: any, service: string): Kept {
  const { state, user, deletionAt, service: from } = stored || ({} as any)
  if (state === 'out') return { state }
  const tokens = from === service ? tokensOf(stored) : {}
  if (state === 'left') return { state, ...tokens, deletionAt: String(deletionAt || '') }
  return from === service && user && typeof user.id === 'string' ? { state: 'in', user, ...tokens } : { state: 'in' }
}

function tokensOf({ tokens: t }: any): { tokens?: Tokens } {
  return t && typeof t.accessToken === 'string' && typeof t.refreshToken === 'string' &&
    t.renewAt > 0 && t.expiresAt > 0 && t.refreshExpiresAt > 0 ? { tokens: t } : {}
}
