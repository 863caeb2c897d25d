import { Wire } from './wire'

/** Codes of wx.login, fetched ahead where somebody asked for that. */
export interface Codes {
  /** Has a code ready. Rejects where wx.login gives none. */
  fetch(): Promise<void>
  /** Returns the code that is ready, which nobody gets again, or ''. */
  take(): Promise<string>
  /** Forgets it. */
  drop(): void
}

const life = 4 * 60000 // ms: WeChat's live five minutes

export function createCodes(wire: Wire): Codes {
  let ready: { code: Promise<string>; at: number } | undefined

  const drop = () => { ready = undefined }

  function fetch(): Promise<void> {
    if (!ready || !within(ready.at, life)) {
      ready = { code: wire.code(), at: Date.now() }
      ready.code.then(undefined, drop)
    }
    return ready.code.then(() => undefined)
  }

  function take(): Promise<string> {
    const code = ready && within(ready.at, life) ? ready.code : Promise.resolve('')
    drop()
    return code.then(undefined, () => '')
  }

  return { fetch, take, drop }
}

/** Whether less than length ms have passed since then. A clock that was set back is no reason to wait. */
export function within(since: number, length: number): boolean {
  const age = Date.now() - since
  return age >= 0 && age < length
}
