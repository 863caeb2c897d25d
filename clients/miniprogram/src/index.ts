export * from './types'
export { createClient } from './client'
