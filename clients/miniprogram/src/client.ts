import { addressOf, baseOf } from './address'
import { createEnding } from './ending'
import { badAnswer, clientError } from './errors'
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
    lost: (error) => { listeners.slice().forEach((listener) => setTimeout(listener, 0, error)) },
  })
  const ending = createEnding(service, store, session)

  async function request<T>(what: RequestOptions | string): Promise<Response<T>> {
    const asked = typeof what === 'string' ? { url: what } : what
    const url = addressOf(asked.url, bases)
    return session.withToken((token) => wire.request<T>({ ...asked, url }, token))
  }

  async function upload<T>(what: UploadOptions): Promise<Response<T>> {
    const url = addressOf(what.url, bases)
    return session.withToken((token) => wire.upload<T>({ ...what, url }, token))
  }

  // Remembers the user that an answer brings.
  async function remembered(answer: Promise<Response<User>>): Promise<User> {
    const { data: user } = await answer
    if (!user || typeof user.id !== 'string') throw badAnswer()
    const kept = store.get()
    if (kept.tokens && kept.state === 'in') store.set({ ...kept, user })
    return user
  }

  const me = () => remembered(request('/v1/me'))

  async function sessions(): Promise<Session[]> {
    const { data } = await request<{ sessions: Session[] }>('/v1/sessions')
    if (!data || !Array.isArray(data.sessions)) throw badAnswer()
    return data.sessions
  }

  async function bindPhone(detail: PhoneDetail): Promise<User> {
    const { code, encryptedData, iv, errMsg } = detail
    const { state, user } = store.get()
    if (state !== 'in') throw session.closed()
    if (!code) {
      if (!encryptedData || !iv) throw clientError('phone_refused', errMsg || 'no number was given')
      return put({ encryptedData, iv })
    }
    if (!session.live()) return logInWithPhone(code)
    return put({ code }).then(undefined, (error: ClientError) => {
      if (error.code !== 'network_error') throw error
      return putAgain(code, user && user.phone)
    })
  }

  const put = (data: OpenData | { code: string }) => remembered(request({ url: '/v1/me/phone', method: 'PUT', data }))

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
    updateProfile: ({ nickname }) => remembered(request({ url: '/v1/me', method: 'POST', data: { nickname } })),
    uploadAvatar: (filePath) => remembered(upload({ url: '/v1/me/avatar', filePath })),
    bindPhone,
    removePhone: () => request({ url: '/v1/me/phone', method: 'DELETE' }).then(done).then(me),
    sessions,
    endSession: (id) => request({ url: '/v1/sessions/' + encodeURIComponent(id), method: 'DELETE' }).then(done),
    leave: ending.leave,
    comeBack: session.comeBack,
    prepare: session.prepare,
    onSessionLost(listener) {
      listeners.push(listener)
      return () => {
        const at = listeners.indexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
    user: () => store.get().user,
    state: () => store.get().state,
  }
}
