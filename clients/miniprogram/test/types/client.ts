// What the types of the SDK allow, and what they refuse.
import { createClient, type Client, type ClientError, type LocalCode, type User } from '../../miniprogram_dist'

const client: Client = createClient({ baseURL: 'https://login.example.com', appId: 'wx', backends: ['https://api.example.com'] })

export async function allowed () {
  const { user, newUser, restored, warnings } = await client.login({ phoneCode: 'x', force: true })
  const { data, statusCode } = await client.request<User>('/v1/me')
  const loose = await client.request({ url: 'https://api.example.com/cart', method: 'POST', data: [1], header: { 'X-A': 'b' } })
  const off: () => void = client.onSessionLost((error) => error.code)
  const when: string = await client.leave()
  const state: 'in' | 'out' | 'left' = client.state()
  const known: User | undefined = client.user()
  const phone: string | undefined = data.phone
  return [user.id, newUser, restored, warnings[0]?.code, statusCode, loose.data.anything, off, when, state, known, phone]
}

export function codes (error: ClientError) {
  if (error.code === 'left' || error.code === 'user_banned') return undefined
  const theirs: string = error.code // whatever a server says
  return theirs === 'rate_limited' ? error.retryAfter?.toFixed() : error.errors?.[0]?.field
}

export async function refused () {
  // @ts-expect-error the address is missing
  createClient({})
  // @ts-expect-error
  createClient()
  // @ts-expect-error
  createClient({ baseURL: 1 })
  // @ts-expect-error an option that there is none of
  createClient({ baseURL: '', appID: 'wx' })
  // @ts-expect-error no platform at all
  createClient({ baseURL: '', platform: {} })
  // @ts-expect-error
  client.signIn()
  // @ts-expect-error
  await client.upload({ url: '/v1/me/avatar' })
  // @ts-expect-error
  await client.updateProfile({ nickName: 'x' })
  // @ts-expect-error
  await client.bindPhone('code')
  // @ts-expect-error
  await client.endSession()
  // @ts-expect-error it may be nobody
  client.user().id
  // @ts-expect-error
  const state: 'gone' = client.state()
  // @ts-expect-error
  const code: LocalCode = 'user_banned'
  return [state, code]
}
