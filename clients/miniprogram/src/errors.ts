import { ClientError, Failure, LocalCode } from './types'

/** Makes an error of the SDK's own, or of an answer's. */
export function clientError(code: string, message: string, more?: Partial<ClientError>): ClientError {
  const error = new Error(code + ': ' + message) as ClientError
  error.code = code
  for (const key in more) (error as any)[key] = (more as any)[key]
  return error
}

/** For an answer of another shape than the service's: a portal's, a proxy's. */
export function badAnswer(): ClientError {
  return clientError('bad_answer', 'something else than wxlogin answered')
}

/** What a platform's `fail` says. */
export function failed(code: LocalCode, failure?: Failure): ClientError {
  return clientError(code, (failure && failure.errMsg) || 'no reason given')
}

/** What an answer of 300 or more says: wxlogin's problem (RFC 9457), or a backend's own. */
export function refusal(statusCode: number, data: any, header: any): ClientError {
  const body = data && typeof data === 'object' ? data : {}
  const code = typeof body.code === 'string' && body.code ? body.code : 'http_error'
  const more: Partial<ClientError> = { statusCode, data }
  if (typeof body.detail === 'string') more.detail = body.detail
  if (typeof body.requestId === 'string') more.requestId = body.requestId
  if (body.errors) more.errors = body.errors
  const seconds = Number(named(header, 'retry-after'))
  if (seconds > 0) more.retryAfter = seconds
  return clientError(code, body.title || 'status ' + statusCode, more)
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
