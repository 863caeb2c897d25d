import { addressOf, baseOf } from './address'
import { createEnding } from './ending'
import { badAnswer, clientError, failed } from './errors'
import { createService, done } from './service'
import { createSession } from './session'
import { createStore } from './store'
import { Client, ClientError, ClientOptions, OpenData, PhoneDetail, Platform, RequestOptions, Response, Session, UploadOptions, User } from './types'
import { createWire } from './wire'

declare const wx: Platform | undefined

/** Makes the client of a mini program: make one, and share it. Throws a TypeError on options that cannot be meant. */
export function createClient(options: ClientOptions): Client {
  const base = baseOf(options.baseURL)
  const bases = [base].concat((options.backends || []).map(baseOf))
  const platform = options.platform || (typeof wx === 'undefined' ? undefined : wx)
  if (!platform) throw new TypeError('wxlogin: there is no wx here, name a platform')
  const listeners: Array<(error: ClientError) => void> = []
  const wire = createWire(platform)
  const store = createStore(platform, base + ' ' + (options.appId || ''))
  const service = createService(platform, wire, store, base, options.appId)
  const session = createSession(wire, store, service, {
    // Later, and outside of what is under way: listeners may call the client, or throw.
    restored: (result) => { if (options.onRestored) setTimeout(options.onRestored, 0, result) },
    lost: (error) => { listeners.slice().forEach((listener) => setTimeout(() => { if (listeners.indexOf(listener) >= 0) listener(error) }, 0)) },
  })
  const ending = createEnding(service, store, session)

  async function request<T>(what: RequestOptions | string): Promise<Response<T>> {
    const asked = typeof what === 'string' ? { url: what } : what
    const url = addressOf(asked.url, bases)
    return session.withToken((token) => wire.request<T>({ ...asked, url }, token), own(url))
  }

  async function upload<T>(what: UploadOptions): Promise<Response<T>> {
    const url = addressOf(what.url, bases)
    return session.withToken((token) => wire.upload<T>({ ...what, url }, token), own(url))
  }

  const own = (url: string) => url.indexOf(base) === 0 && /^[/?#]/.test(url.slice(base.length))

  let changes = 0 // of the user, that were answered

  async function me(): Promise<User> {
    const before = changes
    const user = userOf(await request('/v1/me'))
    if (before === changes) remember(user) // else it may be older than what is known
    return user
  }

  // The user as a change leaves it.
  async function changed(answer: Promise<Response>): Promise<User> {
    const user = userOf(await answer)
    changes++
    remember(user)
    return user
  }

  function remember(user: User): void {
    const kept = store.get()
    if (kept.tokens && kept.state === 'in') store.set({ ...kept, user: { ...user } })
  }

  async function sessions(): Promise<Session[]> {
    const { data } = await request<{ sessions: Session[] }>('/v1/sessions')
    if (!data || !Array.isArray(data.sessions)) throw badAnswer()
    return data.sessions
  }

  async function bindPhone(detail: PhoneDetail): Promise<User> {
    const { code, encryptedData, iv, errMsg, errno } = detail
    const { state, user } = store.get()
    if (state !== 'in') throw session.closed()
    if (!code) {
      if (!encryptedData || !iv) throw failed('phone_refused', 'getPhoneNumber', { errMsg: errMsg || 'no number', errno })
      return put({ encryptedData, iv })
    }
    await session.settled() // a login of before the tap
    if (store.get().state !== 'in') throw session.closed()
    if (!session.live()) return logInWithPhone(code)
    return put({ code }).then(undefined, (error: ClientError) => {
      if (error.code !== 'network_error') throw error
      return putAgain(code, user && user.phone)
    })
  }

  const put = (data: OpenData | { code: string }) => changed(request({ url: '/v1/me/phone', method: 'PUT', data }))

  // The first answer was lost. A code works once: refused now, it may have been spent
  // then, and whether it was shows in the number.
  function putAgain(code: string, before: string | undefined): Promise<User> {
    return put({ code }).then(undefined, async (error: ClientError) => {
      if (error.code !== 'phone_code_invalid') throw error
      const user = await me()
      if (!user.phone || user.phone === before) throw error
      return user
    })
  }

  async function removePhone(): Promise<User> {
    done(await request({ url: '/v1/me/phone', method: 'DELETE' }))
    changes++
    const { user } = store.get()
    if (!user) return me()
    const { phone, ...rest } = user
    remember(rest)
    return rest
  }

  async function logInWithPhone(phoneCode: string): Promise<User> {
    const { user, warnings } = await session.login({ phoneCode })
    const wrong = warnings.filter(({ code }) => code !== 'open_data_invalid' && code !== 'open_data_stale')[0]
    if (wrong) throw clientError(wrong.code, 'logged in, but the number is not bound')
    return user
  }

  return {
    login: (more = {}) => session.login(more),
    request,
    upload,
    logout: ending.logout,
    logoutEverywhere: ending.logoutEverywhere,
    me,
    updateProfile: async ({ nickname }) => changed(request({ url: '/v1/me', method: 'POST', data: { nickname } })),
    uploadAvatar: (filePath) => changed(upload({ url: '/v1/me/avatar', filePath })),
    bindPhone,
    removePhone,
    sessions,
    endSession: (id) => request({ url: '/v1/sessions/' + encodeURIComponent(id), method: 'DELETE' }).then(done),
    leave: ending.leave,
    comeBack: ending.comeBack,
    prepare: session.prepare,
    onSessionLost(listener) {
      listeners.push(listener)
      return () => {
        const at = listeners.indexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
    user: () => copy(store.get().user),
    state: () => store.get().state,
  }
}

function userOf({ data }: Response): User {
  if (!data || typeof data.id !== 'string') throw badAnswer()
  return data
}

function copy(user: User | undefined): User | undefined {
  return user && { ...user }
}
