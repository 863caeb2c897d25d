import { within } from './codes'
import { passing } from './errors'
import { ClientError } from './types'

/** Keeps what failed from being tried again unasked, request for request. */
export interface Pause {
  /** Throws what failed, while it lasts. */
  check(): void
  /** Begins where the error asks for it, and returns the error. A renewal is dispensable while the token serves. */
  begin(error: ClientError, dispensable?: boolean): ClientError
  end(): void
}

const refused = 30000 // ms
const failed = 10000 // ms, at most

export function createPause(): Pause {
  let last: { error: ClientError; at: number; length: number } | undefined
  let failures = 0 // answers, one after the other, that were of no use

  // Nobody who was refused is let in a moment later, and the service may say when it
  // can. A network may be back at once. What is not needed yet can wait.
  function lengthOf(error: ClientError, dispensable?: boolean): number {
    if (!passing(error)) return refused
    if (dispensable) return failed
    if (!error.statusCode) return 0
    failures++
    if (error.retryAfter) return Math.min(error.retryAfter * 1000, failed)
    return failures < 2 ? 0 : Math.min(1000 * Math.pow(2, failures - 2), failed)
  }

  return {
    check() {
      if (last && within(last.at, last.length)) throw last.error
    },
    begin(error, dispensable) {
      last = { error, at: Date.now(), length: lengthOf(error, dispensable) }
      return error
    },
    end() {
      last = undefined
      failures = 0
    },
  }
}
