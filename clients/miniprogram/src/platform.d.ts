// What a mini program's JavaScript has beside the language itself, as far as the SDK
// uses it.
declare function setTimeout<A extends unknown[]>(act: (...args: A) => void, ms: number, ...args: A): number
declare function clearTimeout(timer: number): void
