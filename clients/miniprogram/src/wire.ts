import { failed, refusal } from './errors'
import { ClientError, Failure, Platform, RequestOptions, Response, UploadOptions } from './types'

/** Sends what it is given, with the access token where there is one. Every address is whole. */
export interface Wire {
  request<T = any>(options: RequestOptions, token?: string): Promise<Response<T>>
  upload<T = any>(options: UploadOptions, token: string): Promise<Response<T>>
  /** A code of wx.login. */
  code(): Promise<string>
  /** 128 random bits in hexadecimal. */
  random(): Promise<string>
}

const loginLimit = 15000 // ms: wx.login has been seen never to call back
const randomLimit = 1000 // ms

export function createWire(platform: Platform): Wire {
  function request<T>(options: RequestOptions, token?: string): Promise<Response<T>> {
    return called<any>('network_error', named(options), (done, fail) => platform.request({
      ...sendable(options, token),
      url: options.url,
      success: ({ statusCode, data, header }) => done(() => answered(options, statusCode, options.dataType && statusCode < 300 ? data : read(data), header)),
      fail,
    }), options.timeout)
  }

  function upload<T>(options: UploadOptions, token: string): Promise<Response<T>> {
    return called<any>('network_error', named(options), (done, fail) => platform.uploadFile({
      ...sendable(options, token),
      url: options.url,
      filePath: options.filePath,
      name: options.name || 'file',
      success: (answer) => done(() => answered(options, answer.statusCode, read(answer.data), (answer as any).header)),
      fail,
    }), options.timeout)
  }

  function code(): Promise<string> {
    return called('wx_login_failed', 'wx.login', (done, fail) => platform.login({
      success: (result) => result.code ? done(() => result.code) : fail({ errMsg: 'no code' }),
      fail,
    }), loginLimit)
  }

  function random(): Promise<string> {
    return called<string>('network_error', 'getRandomValues', (done, fail) => platform.getRandomValues!({
      length: 16,
      success: ({ randomValues }) => done(() => hexadecimal(new Uint8Array(randomValues))),
      fail,
    }), randomLimit).then(undefined, () => hexadecimal(guessed(16))) // older platforms have none
  }

  return { request, upload, code, random }
}

const patience = 5000 // ms that a platform may be late with calling back

// Makes a promise of a call with callbacks. What throws at once has failed, and so has
// what does not call back in time, where a limit is given.
function called<T>(
  code: 'network_error' | 'wx_login_failed',
  what: string,
  act: (done: (make: () => T) => void, fail: (failure?: Failure) => void) => unknown,
  limit?: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (failure?: Failure) => { clearTimeout(timer); reject(failed(code, what, failure)) }
    const timer = limit ? setTimeout(() => fail({ errMsg: 'never called back' }), limit + patience) : 0
    const done = (make: () => T) => {
      clearTimeout(timer)
      try {
        resolve(make())
      } catch (error) {
        reject((error as ClientError).code ? error : failed(code, what, { errMsg: String(error) }))
      }
    }
    try {
      kept(act(done, fail))
    } catch (error) {
      fail({ errMsg: String(error) })
    }
  })
}

// Some platforms give a promise beside the callbacks, which nobody else looks at.
function kept(result: any): void {
  if (result && typeof result.then === 'function') result.then(undefined, () => undefined)
}

function answered(options: RequestOptions, statusCode: number, data: any, header: any): Response {
  if (statusCode >= 200 && statusCode < 300) return { statusCode, data, header: header || {} }
  throw refusal(named(options), statusCode, data, header)
}

// For messages. What a query holds may be anybody's business.
function named({ method, url }: RequestOptions): string {
  return (method || 'GET') + ' ' + url.split(/[?#]/)[0]
}

// The answer to an upload is a text, and so is every one where a dataType was asked
// for. The platform has parsed the others already, if they are JSON.
function read(data: any): any {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch (_) {
    return data
  }
}

// What the caller asked for, without the callbacks, and with our token in place of any.
function sendable({ success, fail, complete, ...options }: RequestOptions, token: string | undefined): RequestOptions & { header: Record<string, string> } {
  const header: Record<string, string> = {}
  for (const name in options.header) if (name.toLowerCase() !== 'authorization') header[name] = options.header[name]!
  if (token) header.Authorization = 'Bearer ' + token
  return { ...options, url: options.url, header }
}

function guessed(length: number): number[] {
  const bytes = []
  while (bytes.length < length) bytes.push(Math.floor(Math.random() * 256))
  return bytes
}

function hexadecimal(bytes: ArrayLike<number>): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += (bytes[i]! + 256).toString(16).slice(1)
  return text
}
