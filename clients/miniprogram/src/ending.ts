import { clientError, tokenRefused, undone } from './errors'
import { Service } from './service'
import { Session } from './session'
import { Kept, Store, Tokens } from './store'
import { ClientError, LoginResult } from './types'

/** How the session of this device ends, and how the person comes back. */
export interface Ending {
  logout(): Promise<void>
  logoutEverywhere(): Promise<void>
  leave(): Promise<string>
  comeBack(): Promise<LoginResult>
}

export function createEnding(service: Service, store: Store, session: Session): Ending {
  let leaving: Promise<string> | undefined
  let coming: Promise<LoginResult> | undefined

  // Acts with the session, renewed where it must be, and never logs in. It hands on
  // the tokens that it got.
  async function actOnce<T>(tokens: Tokens, act: (token: string) => Promise<T>, renewed: (tokens: Tokens) => void): Promise<T> {
    try {
      return await act(tokens.accessToken)
    } catch (error) {
      if (!tokenRefused(error as ClientError) || (error as ClientError).code === 'session_revoked') throw error
      const next = await service.refresh(tokens)
      renewed(next)
      return act(next.accessToken)
    }
  }

  async function logout(): Promise<void> {
    if (coming) await quietly(coming)
    const { state, tokens } = store.get()
    if (state === 'left') return
    session.discard()
    store.set({ state: 'out' })
    if (tokens) await quietly(actOnce(tokens, service.logout, () => undefined))
  }

  async function logoutEverywhere(): Promise<void> {
    let used = ''
    await session.withToken((token) => { used = token; return service.logoutEverywhere(token) }, true)
    const { tokens } = store.get()
    session.discard()
    store.set({ state: 'out' })
    // A request may have been refused, and have logged in, before the answer came.
    if (tokens && tokens.accessToken !== used) await quietly(service.logout(tokens.accessToken))
  }

  // Any number of calls at once are one.
  function leave(): Promise<string> {
    const { state, tokens, deletionAt } = store.get()
    if (state === 'left' && !tokens) return Promise.resolve(deletionAt || '')
    if (!leaving) leaving = ended(leaveOnce(state), () => { leaving = undefined })
    return leaving
  }

  async function leaveOnce(asked: Kept['state']): Promise<string> {
    if (coming) await quietly(coming)
    await session.settled()
    const before = store.get()
    if (before.state === 'out') throw session.closed()
    // Without tokens, or where the person has come back meanwhile, there is nothing to end.
    if (before.state !== asked || !before.tokens) throw noSession()
    session.discard()
    store.set({ state: 'left', tokens: before.tokens, deletionAt: '' }) // before it is sent: the answer may be lost
    try {
      const deletionAt = await actOnce(before.tokens, service.leave, (tokens) => store.set({ ...store.get(), tokens }))
      store.set({ state: 'left', deletionAt })
      return deletionAt
    } catch (error) {
      return refused(error as ClientError, before)
    }
  }

  // What becomes of a deletion that was refused, or not answered.
  function refused(error: ClientError, before: Kept): string {
    const { tokens } = store.get()
    if (over(error) && before.state === 'left') { // it was done, and the first answer lost
      store.set({ state: 'left', deletionAt: '' })
      return ''
    }
    if (over(error)) { // nobody knows why the session has ended
      store.set(before.user ? { state: 'in', user: before.user } : { state: 'in' })
      throw error.code === 'user_banned' ? error : noSession()
    }
    if (undone(error) && before.state === 'in') store.set({ ...before, tokens: tokens! })
    throw error // without an answer it may have been done: leave() again
  }

  // After a deletion that is under way, which must not reach the service later.
  function comeBack(): Promise<LoginResult> {
    if (!coming) coming = ended(comeBackOnce(), () => { coming = undefined })
    return coming
  }

  async function comeBackOnce(): Promise<LoginResult> {
    if (leaving) await quietly(leaving)
    const { state } = store.get()
    if (state === 'out') throw session.closed()
    return state === 'left' ? session.comeBack() : session.login({})
  }

  return { logout, logoutEverywhere, leave, comeBack }
}

// Whether the session is known to have ended, or its user to be kept out.
function over(error: ClientError): boolean {
  return tokenRefused(error) || error.code === 'refresh_invalid' || error.code === 'user_banned'
}

function noSession(): ClientError {
  return clientError('no_session', 'login(), ask the person, then leave() again')
}

function quietly(call: Promise<unknown>): Promise<void> {
  return call.then(() => undefined, () => undefined)
}

function ended<T>(call: Promise<T>, then: () => void): Promise<T> {
  call.then(then, then)
  return call
}
