import { ClientError, Failure, LocalCode } from './types'

/** Makes an error of the SDK's own, or of an answer's. */
export function clientError(code: string, message: string, more?: Partial<ClientError>): ClientError {
  const error = new Error(code + ': ' + message) as ClientError
  error.code = code
  for (const key in more) (error as any)[key] = (more as any)[key]
  return error
}

/** What a platform's `fail` says of a call. */
export function failed(code: LocalCode, what: string, failure?: Failure): ClientError {
  const { errMsg, errno } = failure || {}
  const more: Partial<ClientError> = {}
  if (errMsg) more.detail = errMsg
  if (errno) more.errno = errno
  return clientError(code, what + ': ' + (errMsg || 'no reason given'), more)
}

/** What an answer of 300 or more says: wxlogin's problem (RFC 9457), or a backend's own. */
export function refusal(what: string, statusCode: number, data: any, header: any): ClientError {
  const body = problem(data)
  const code = typeof body.code === 'string' && body.code ? body.code : 'http_error'
  const more: Partial<ClientError> = { statusCode, data }
  if (typeof body.detail === 'string') more.detail = body.detail
  if (typeof body.requestId === 'string') more.requestId = body.requestId
  if (Array.isArray(body.errors)) more.errors = body.errors
  const seconds = Number(named(header, 'retry-after'))
  if (seconds > 0) more.retryAfter = seconds
  return clientError(code, (body.title || 'status ' + statusCode) + ' (' + what + ')', more)
}

// The body, also where bytes were asked for.
function problem(data: any): any {
  if (data instanceof ArrayBuffer) {
    try {
      const bytes = new Uint8Array(data)
      let text = ''
      for (let i = 0; i < bytes.length; i++) text += '%' + (bytes[i]! + 256).toString(16).slice(1)
      data = JSON.parse(decodeURIComponent(text))
    } catch (_) {
      // no JSON
    }
  }
  return data && typeof data === 'object' ? data : {}
}

/** For an answer of another shape than the service's: a portal's, a proxy's. */
export function badAnswer(): ClientError {
  return clientError('bad_answer', 'something else than wxlogin answered')
}

// Platforms differ in how they spell the names of headers.
function named(header: any, name: string): unknown {
  for (const key in header) if (key.toLowerCase() === name) return header[key]
  return undefined
}

/** Whether it is the access token that was refused: a 401 with another code is about something else that was sent. */
export function tokenRefused(error: ClientError): boolean {
  return error.statusCode === 401 &&
    ['http_error', 'token_missing', 'token_invalid', 'token_expired', 'session_revoked'].indexOf(error.code) >= 0
}

/** Whether asking again later may help: nobody has decided anything about the person. */
export function passing(error: ClientError): boolean {
  return ['network_error', 'bad_answer', 'http_error', 'wx_login_failed', 'code_invalid', 'code_used'].indexOf(error.code) >= 0 ||
    error.statusCode === 429 || error.statusCode! >= 500
}

/** Whether the service itself says that what was asked for was not done. */
export function undone(error: ClientError): boolean {
  return error.statusCode! < 500 && error.code !== 'http_error'
}
