/** The thread of proofs, run from its source: types are taken off on the way in. */
import { register } from 'node:module'

register('./typescript.mjs', import.meta.url)
await import('../../src/proofs/worker.ts')
