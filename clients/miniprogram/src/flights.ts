/** Logins and renewals, one at a time. */
export interface Flights<T> {
  /** Whether one is under way; of a `private` one the failure is its caller's alone. */
  underWay(): false | 'shared' | 'private'
  /** Joins the one that is under way, or begins one. */
  fly(begin: () => Promise<T>, kind?: 'shared' | 'private'): Promise<T>
  /** Resolves when none is under way, not even one that was discarded. */
  settled(): Promise<void>
  /** Resolves when those that were discarded have ended: they may still reach the service. */
  cleared(): Promise<void>
  /** What is under way is nobody's any more. */
  discard(): void
  /** Grows with each discard. */
  epoch(): number
}

export function createFlights<T>(): Flights<T> {
  let current: { ends: Promise<T>; kind: 'shared' | 'private' } | undefined
  let discarded: Promise<unknown> = Promise.resolve()
  let epoch = 0

  function fly(begin: () => Promise<T>, kind: 'shared' | 'private' = 'shared'): Promise<T> {
    if (current) return current.ends
    const begun = current = { ends: begin(), kind }
    const land = () => { if (current === begun) current = undefined }
    begun.ends.then(land, land)
    return begun.ends
  }

  async function settled(): Promise<void> {
    while (current) await over(current.ends)
    await discarded
  }

  function discard(): void {
    epoch++
    if (current) discarded = Promise.all([discarded, over(current.ends)])
    current = undefined
  }

  return {
    underWay: () => current ? current.kind : false,
    fly,
    settled,
    cleared: () => discarded.then(() => undefined),
    discard,
    epoch: () => epoch,
  }
}

function over(promise: Promise<unknown>): Promise<void> {
  return promise.then(() => undefined, () => undefined)
}
