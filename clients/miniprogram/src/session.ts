import { createCodes, within } from './codes'
import { clientError, passing, tokenRefused } from './errors'
import { Service } from './service'
import { Store, Tokens } from './store'
import { ClientError, LoginOptions, LoginResult, User } from './types'
import { Wire } from './wire'

/** The one session of this device: how it begins and is renewed. */
export interface Session {
  login(options: LoginOptions): Promise<LoginResult>
  /** Acts with the access token, and once more with another one where that is refused. */
  withToken<T>(act: (token: string) => Promise<T>): Promise<T>
  /** Logs in after leave(), and tells nobody that the account is restored. */
  comeBack(): Promise<LoginResult>
  /** Has ready what a login or a request needs. Never rejects. */
  prepare(): Promise<void>
  /** Whether there is a session, as far as is known here. */
  live(): boolean
  /** Resolves when no login and no renewal is under way. */
  settled(): Promise<void>
  /** What is under way will not be kept: a session that it brings is ended. */
  discard(): void
  /** Why there are no requests: logout() or leave(). */
  closed(): ClientError
}

export interface Listeners {
  restored(result: LoginResult): void
  lost(error: ClientError): void
}

const refusalLife = 30000 // ms in which nobody who was refused is logged in unasked
const failureLife = 10000 // ms in which a token that serves is not renewed again, where that failed

export function createSession(wire: Wire, store: Store, service: Service, listeners: Listeners): Session {
  let flight: Promise<LoginResult | undefined> | undefined // a login; or a renewal, undefined where no login was needed
  let epoch = 0 // discard() begins another one
  const codes = createCodes(wire)
  let refusal: { error: ClientError; at: number } | undefined
  let failedAt = 0 // a renewal ahead of time

  function live(): boolean {
    const { state, tokens } = store.get()
    return state === 'in' && !!tokens && Date.now() < tokens.refreshExpiresAt
  }

  function closed(): ClientError {
    return store.get().state === 'left'
      ? clientError('left', 'the account is deleted, comeBack() logs in')
      : clientError('logged_out', 'login() logs in')
  }

  // One at a time: each refresh spends the token that the one before brought.
  function fly(begin: () => Promise<LoginResult | undefined>): Promise<LoginResult | undefined> {
    if (flight) return flight
    const begun = flight = begin()
    const land = () => { if (flight === begun) flight = undefined }
    begun.then(land, land)
    return begun
  }

  async function settled(): Promise<void> {
    while (flight) await flight.then(undefined, () => undefined)
  }

  function discard(): void {
    epoch++
    flight = refusal = undefined
    codes.drop()
  }

  async function token(): Promise<string> {
    const { state, tokens } = store.get()
    if (!flight && state !== 'in') throw closed()
    if (!flight && tokens && Date.now() < (within(failedAt, failureLife) ? tokens.expiresAt : tokens.renewAt)) return tokens.accessToken
    try {
      await fly(renew)
    } catch (error) {
      const serves = tokens && store.get().tokens === tokens && Date.now() < tokens.expiresAt
      if (!serves || !passing(error as ClientError)) throw error
      failedAt = Date.now()
    }
    return current()
  }

  function current(): string {
    const { state, tokens } = store.get()
    if (state !== 'in' || !tokens) throw closed()
    return tokens.accessToken
  }

  async function withToken<T>(act: (token: string) => Promise<T>): Promise<T> {
    const used = await token()
    try {
      return await allowed(used, act)
    } catch (error) {
      if (!tokenRefused(error as ClientError)) throw error
      const { tokens } = store.get() // another request may have renewed it meanwhile
      if (flight || !tokens || tokens.accessToken === used) await fly(renew)
      return allowed(current(), act)
    }
  }

  // Acts, and notices where the user is kept out: no other token will do.
  async function allowed<T>(accessToken: string, act: (token: string) => Promise<T>): Promise<T> {
    try {
      return await act(accessToken)
    } catch (error) {
      const { tokens } = store.get()
      if ((error as ClientError).code === 'user_banned' && tokens && tokens.accessToken === accessToken) lose(error as ClientError, true)
      throw error
    }
  }

  function lose(error: ClientError, hadSession: boolean): void {
    refusal = { error, at: Date.now() }
    store.set({ state: 'in' })
    if (hadSession) listeners.lost(error)
  }

  async function renew(): Promise<LoginResult | undefined> {
    const begun = epoch
    const { state, tokens } = store.get()
    if (state !== 'in') throw closed()
    if (live()) {
      try {
        keep(begun, await service.refresh(tokens!))
        return undefined
      } catch (error) {
        if (begun !== epoch || passing(error as ClientError)) throw error
      }
    }
    return logInUnasked(begun, !!tokens)
  }

  async function logInUnasked(begun: number, hadSession: boolean): Promise<LoginResult> {
    if (refusal && within(refusal.at, refusalLife)) throw refusal.error
    try {
      return await logIn({})
    } catch (error) {
      if (begun === epoch && !passing(error as ClientError)) lose(error as ClientError, hadSession)
      throw error
    }
  }

  // Keeps the tokens, unless the session was ended while they were on their way.
  function keep(begun: number, tokens: Tokens, user?: User): void {
    if (begun !== epoch) {
      service.logout(tokens.accessToken).then(undefined, () => undefined)
      throw closed()
    }
    store.set(user ? { state: 'in', tokens, user } : { ...store.get(), tokens })
  }

  async function logIn(options: LoginOptions, quietly?: boolean): Promise<LoginResult> {
    const begun = epoch
    const prepared = await codes.take()
    const { tokens, result } = await service.login(prepared || await wire.code(), options).then(undefined, async (error: ClientError) => {
      if (!prepared || (error.code !== 'code_invalid' && error.code !== 'code_used')) throw error
      return service.login(await wire.code(), options)
    })
    keep(begun, tokens, result.user)
    refusal = undefined
    if (result.restored && !quietly) listeners.restored(result)
    return result
  }

  function known(): LoginResult {
    return { user: store.get().user!, newUser: false, restored: false, warnings: [] }
  }

  async function login(options: LoginOptions): Promise<LoginResult> {
    const { state, user } = store.get()
    if (state === 'left') throw closed()
    const more = options.force || options.phoneCode || options.profile
    if (!more && live() && user) return known()
    while (more && flight) await settled() // what they bring is not what was asked for
    return (await fly(() => logIn(options))) || known()
  }

  async function comeBack(): Promise<LoginResult> {
    await settled()
    return (await fly(() => logIn({}, true))) || known()
  }

  async function prepare(): Promise<void> {
    try {
      if (live()) await token()
      else if (!flight && store.get().state !== 'left') await codes.fetch()
    } catch (_) {
      // what needs it will say so
    }
  }

  return { login, withToken, comeBack, prepare, live, settled, discard, closed }
}
