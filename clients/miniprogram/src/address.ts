import { clientError } from './errors'

/** Removes what ends a base address, and throws a TypeError where it is none. */
export function baseOf(address: string): string {
  if (!/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/.test(address)) throw new TypeError('wxlogin: not a base address: ' + address)
  return address.replace(/\/+$/, '')
}

/**
 * Returns the whole address that `url` means, and throws `foreign_url` where it is
 * neither a path on the first of `bases` nor an address below one of them: the access
 * token is for these only.
 */
export function addressOf(url: string, bases: string[]): string {
  if (/^\/(?!\/)/.test(url) && below(url)) return bases[0] + url
  for (const base of bases) {
    if (url.indexOf(base) === 0 && below(url.slice(base.length))) return url
  }
  throw clientError('foreign_url', 'not wxlogin, and not one of `backends`: ' + url)
}

// Whether rest, behind a base, stays below it: no longer name, and no way up, nor what
// platforms leave out or turn round when they read an address.
function below(rest: string): boolean {
  return /^([/?#]|$)/.test(rest) && !/[\x00-\x20\\]|(\/|%2f|%5c)(\.|%2e){2}(\/|%2f|%5c|;|$)/i.test(rest.split(/[?#]/)[0]!)
}
