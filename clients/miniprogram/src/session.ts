import { createCodes, within } from './codes'
import { clientError, passing, tokenRefused } from './errors'
import { createFlights } from './flights'
import { createPause } from './pause'
import { Service } from './service'
import { Store, Tokens } from './store'
import { ClientError, LoginOptions, LoginResult, User } from './types'
import { Wire } from './wire'

/** The one session of this device: how it begins and is renewed. */
export interface Session {
  login(options: LoginOptions): Promise<LoginResult>
  /**
   * Acts with the access token, and once more with another one where that is refused.
   * Only of wxlogin's `own` answers is a new token taken for no good, or a ban heeded.
   */
  withToken<T>(act: (token: string) => Promise<T>, own: boolean): Promise<T>
  /** Logs in after leave(), and tells nobody that the account is restored. */
  comeBack(): Promise<LoginResult>
  /** Has ready what a login or a request needs. Never rejects. */
  prepare(): Promise<void>
  /** Whether there is a session, as far as is known here. */
  live(): boolean
  /** Resolves when no login and no renewal is under way, not even one that was discarded. */
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

const freshness = 30000 // ms in which nobody but wxlogin is believed that a new token is no good

export function createSession(wire: Wire, store: Store, service: Service, listeners: Listeners): Session {
  const flights = createFlights<LoginResult | undefined>() // undefined where no login was needed
  let renewed: { tokens: Tokens; at: number } | undefined // since the start
  const codes = createCodes(wire)
  const pause = createPause()

  function live(): boolean {
    const { state, tokens } = store.get()
    return state === 'in' && !!tokens && Date.now() < tokens.refreshExpiresAt
  }

  function closed(): ClientError {
    return store.get().state === 'left'
      ? clientError('left', 'the account is deleted, comeBack() logs in')
      : clientError('logged_out', 'login() logs in')
  }

  function discard(): void {
    flights.discard()
    codes.drop()
    pause.end()
  }

  async function token(): Promise<string> {
    while (flights.underWay() === 'private') await flights.settled()
    const { state, tokens } = store.get()
    if (!flights.underWay()) {
      if (state !== 'in') throw closed()
      if (tokens && Date.now() < tokens.renewAt) return tokens.accessToken
    }
    try {
      await flights.fly(renew) // each refresh spends the token that the one before brought
    } catch (error) {
      // Renewed ahead of time, the one that there is serves as long as it lives.
      const serves = tokens && store.get().tokens === tokens && Date.now() < tokens.expiresAt
      if (!serves) throw error
    }
    return current()
  }

  function current(): string {
    const { state, tokens } = store.get()
    if (state !== 'in' || !tokens) throw closed()
    return tokens.accessToken
  }

  async function withToken<T>(act: (token: string) => Promise<T>, own: boolean): Promise<T> {
    const used = await token()
    try {
      return await allowed(used, act, own)
    } catch (error) {
      if (!tokenRefused(error as ClientError)) throw error
      const { tokens } = store.get() // another request may have renewed it meanwhile
      if (flights.underWay() || !tokens || tokens.accessToken === used) {
        if (!own && renewed && tokens === renewed.tokens && within(renewed.at, freshness)) throw error // no other will do
        await flights.fly(renew)
      }
      return allowed(current(), act, own)
    }
  }

  // Acts, and notices where the user is kept out: no other token will do.
  async function allowed<T>(accessToken: string, act: (token: string) => Promise<T>, own: boolean): Promise<T> {
    try {
      return await act(accessToken)
    } catch (error) {
      const { tokens } = store.get()
      const banned = own && (error as ClientError).code === 'user_banned'
      if (banned && tokens && tokens.accessToken === accessToken) lose(error as ClientError, true)
      throw error
    }
  }

  function lose(error: ClientError, hadSession: boolean): void {
    pause.begin(error)
    store.set({ state: 'in' })
    if (hadSession) listeners.lost(error)
  }

  async function renew(): Promise<LoginResult | undefined> {
    const begun = flights.epoch()
    const { state, tokens } = store.get()
    if (state !== 'in') throw closed()
    pause.check()
    await flights.cleared()
    if (begun !== flights.epoch()) throw closed()
    try {
      if (live()) return await refresh(begun, tokens!)
    } catch (error) {
      if (begun !== flights.epoch()) throw error
      if (passing(error as ClientError)) throw pause.begin(error as ClientError, ahead(tokens!))
    }
    try {
      return await logIn({})
    } catch (error) {
      if (begun !== flights.epoch()) throw error
      if (passing(error as ClientError)) throw pause.begin(error as ClientError)
      lose(error as ClientError, !!tokens)
      throw error
    }
  }

  async function refresh(begun: number, spent: Tokens): Promise<undefined> {
    keep(begun, await service.refresh(spent))
    return undefined
  }

  // Keeps the tokens, unless the session was ended while they were on their way.
  function keep(begun: number, tokens: Tokens, user?: User): void {
    if (begun !== flights.epoch()) {
      service.logout(tokens.accessToken).then(undefined, () => undefined)
      throw closed()
    }
    pause.end()
    renewed = { tokens, at: Date.now() }
    store.set(user ? { state: 'in', tokens, user: { ...user } } : { ...store.get(), tokens })
  }

  async function logIn(options: LoginOptions, quietly?: boolean): Promise<LoginResult> {
    const begun = flights.epoch()
    const wanted = () => begun === flights.epoch()
    await flights.cleared()
    const prepared = await codes.take()
    const { tokens, result } = await service.login(prepared || await wire.code(), options, wanted).then(undefined, async (error: ClientError) => {
      if (!prepared || !wanted() || (error.code !== 'code_invalid' && error.code !== 'code_used')) throw error
      return service.login(await wire.code(), options, wanted)
    })
    if (result.restored && !quietly) listeners.restored(result)
    keep(begun, tokens, result.user)
    return result
  }

  function known(): LoginResult {
    return { user: { ...store.get().user! }, newUser: false, restored: false, warnings: [] }
  }

  async function login(options: LoginOptions): Promise<LoginResult> {
    const begun = flights.epoch()
    const { state, user } = store.get()
    if (state === 'left') throw closed()
    if (!withMore(options) && live() && user) return known()
    while (flights.underWay() && (withMore(options) || flights.underWay() === 'private')) await flights.settled()
    if (begun !== flights.epoch()) throw closed()
    return (await flights.fly(() => logIn(options), withMore(options) ? 'private' : 'shared')) || known()
  }

  async function comeBack(): Promise<LoginResult> {
    await flights.settled()
    return (await flights.fly(() => logIn({}, true))) || known()
  }

  async function prepare(): Promise<void> {
    try {
      if (live()) await token()
      else if (!flights.underWay() && store.get().state !== 'left') await codes.fetch()
    } catch (_) {
      // what needs it will say so
    }
  }

  return { login, withToken, comeBack, prepare, live, settled: flights.settled, discard, closed }
}

function withMore({ force, phoneCode, profile }: LoginOptions): boolean {
  return !!(force || phoneCode || profile)
}

// Whether the token serves although it is time to renew it.
function ahead({ renewAt, expiresAt }: Tokens): boolean {
  const now = Date.now()
  return now >= renewAt && now < expiresAt
}
