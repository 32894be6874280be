import type { Adversary } from '../adversary.js'

/** Never sends anything. */
export const silent = (): Adversary => ({ name: 'silent', corrupt: () => ({}) })
