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
      // a full storage: memory serves until the next start
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

// Storage may hold anything: an older version's, or what a debugger typed.
function sane(stored: any, service: string): Kept {
  if (!stored || stored.service !== service) return { state: 'in' }
  if (stored.state === 'out') return { state: 'out' }
  if (stored.state === 'left') return { state: 'left', ...tokensOf(stored), deletionAt: String(stored.deletionAt || '') }
  const { user } = stored
  return user && typeof user.id === 'string' ? { state: 'in', user, ...tokensOf(stored) } : { state: 'in' }
}

function tokensOf({ tokens: t }: any): { tokens?: Tokens } {
  return t && typeof t.accessToken === 'string' && typeof t.refreshToken === 'string' &&
    t.renewAt > 0 && t.expiresAt > 0 && t.refreshExpiresAt > 0 ? { tokens: t } : {}
}
