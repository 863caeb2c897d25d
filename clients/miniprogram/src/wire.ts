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

export function createWire(platform: Platform): Wire {
  function request<T>(options: RequestOptions, token?: string): Promise<Response<T>> {
    return called('network_error', (done, fail) => platform.request({
      ...options,
      header: authorized(options.header, token),
      success: ({ statusCode, data, header }) => done(answered(statusCode, options.dataType && statusCode < 300 ? data : read(data), header)),
      fail,
    }))
  }

  function upload<T>(options: UploadOptions, token: string): Promise<Response<T>> {
    return called('network_error', (done, fail) => platform.uploadFile({
      ...options,
      name: options.name || 'file',
      header: authorized(options.header, token),
      success: (answer) => done(answered(answer.statusCode, read(answer.data), (answer as any).header)),
      fail,
    }))
  }

  function code(): Promise<string> {
    let limit = 0
    const answer = called<string>('wx_login_failed', (done, fail) => {
      limit = setTimeout(() => fail({ errMsg: 'login: no answer' }), loginLimit)
      return platform.login({ success: (result) => result.code ? done(result.code) : fail({ errMsg: 'login: no code' }), fail })
    })
    const settled = () => clearTimeout(limit)
    answer.then(settled, settled)
    return answer
  }

  function random(): Promise<string> {
    return new Promise((resolve) => {
      const guess = () => resolve(hexadecimal(guessed(16)))
      try {
        kept(platform.getRandomValues!({ length: 16, success: (r) => resolve(hexadecimal(new Uint8Array(r.randomValues))), fail: guess }))
      } catch (_) {
        guess() // older platforms have none
      }
    })
  }

  return { request, upload, code, random }
}

// Makes a promise of a call with callbacks. What throws at once has failed, too.
function called<T>(code: 'network_error' | 'wx_login_failed', act: (done: (value: T | ClientError) => void, fail: (failure?: Failure) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (failure?: Failure) => reject(failed(code, failure))
    try {
      kept(act((value) => value instanceof Error ? reject(value) : resolve(value), fail))
    } catch (error) {
      fail({ errMsg: String(error) })
    }
  })
}

// Some platforms give a promise beside the callbacks, which nobody else looks at.
function kept(result: any): void {
  if (result && typeof result.then === 'function') result.then(undefined, () => undefined)
}

function answered<T>(statusCode: number, data: T, header: any): Response<T> | ClientError {
  return statusCode >= 200 && statusCode < 300 ? { statusCode, data, header: header || {} } : refusal(statusCode, data, header)
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

function authorized(header: Record<string, string> | undefined, token: string | undefined): Record<string, string> {
  const all: Record<string, string> = {}
  for (const name in header) if (name.toLowerCase() !== 'authorization') all[name] = header[name]!
  if (token) all.Authorization = 'Bearer ' + token
  return all
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
