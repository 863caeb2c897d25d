import { tokenRefused } from './errors'
import { Service } from './service'
import { Session } from './session'
import { Store, Tokens } from './store'
import { ClientError } from './types'

/** How the session of this device ends. */
export interface Ending {
  logout(): Promise<void>
  logoutEverywhere(): Promise<void>
  leave(): Promise<string>
}

export function createEnding(service: Service, store: Store, session: Session): Ending {
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
    const { state, tokens } = store.get()
    if (state === 'left') return
    session.discard()
    store.set({ state: 'out' })
    if (!tokens) return
    await actOnce(tokens, service.logout, () => undefined).then(undefined, () => undefined)
  }

  async function logoutEverywhere(): Promise<void> {
    await session.withToken(service.logoutEverywhere)
    session.discard()
    store.set({ state: 'out' })
  }

  let leaving: Promise<string> | undefined

  // Any number of calls at once are one.
  function leave(): Promise<string> {
    if (!leaving) {
      const landed = () => { leaving = undefined }
      leaving = leaveOnce()
      leaving.then(landed, landed)
    }
    return leaving
  }

  async function leaveOnce(): Promise<string> {
    await session.settled()
    const { state, tokens, user, deletionAt } = store.get()
    if (state === 'out') throw session.closed()
    if (state === 'left' && !tokens) return deletionAt || ''
    if (!tokens) throw session.closed()
    // Marked before it is sent: the answer may be lost.
    session.discard()
    store.set({ state: 'left', tokens, deletionAt: '' })
    try {
      const deletionAt = await actOnce(tokens, service.leave, (next) => store.set({ ...store.get(), tokens: next }))
      store.set({ state: 'left', deletionAt })
    } catch (error) {
      if (!over(error as ClientError)) throw error // it may have been done: leave() again
      if (state !== 'left') { // nobody knows why the session has ended
        store.set(user ? { state: 'in', user } : { state: 'in' })
        throw error
      }
      store.set({ state: 'left', deletionAt: '' }) // the first answer was lost
    }
    return store.get().deletionAt || ''
  }

  return { logout, logoutEverywhere, leave }
}

// Whether the session is known to have ended, or its user to be kept out.
function over(error: ClientError): boolean {
  return tokenRefused(error) || error.code === 'refresh_invalid' || error.code === 'user_banned'
}
