/**
 * Proofs of an organisation's operations, verified in other threads before its machine meets them.
 *
 * What a machine will ask is found out by asking a second one, which believes everything, about the same state: so it cannot be
 * forgotten here what a rule there looks at.
 */
import type { CryptoProvider } from '@mc/crypto'
import type { IdentityCrypto, IdentityVerifier } from '@mc/identity'
import { openRing } from '@mc/identity'
import type { RecordedState } from '@mc/ledger'
import { type Executor, type TopicsMachine, type TopicsOptions, type TopicsState, topics } from '@mc/topics'
import { ListeningVerifier } from '../proofs/listening-verifier.js'
import { ProofChecks } from '../proofs/proof-checks.js'
import { ProofPool } from '../proofs/proof-pool.js'
import { builtScript, threadsFor, workerThread } from '../proofs/proof-thread.js'
import type { Prepare } from '../replica/ahead.js'

/** Threads that verify proofs. */
export type Proofs = Pick<ProofPool, 'run' | 'isWorking' | 'stop'>

/** As many threads as this computer has cores for; none where sources run, which Node cannot load as they are. */
export function proofThreads(): ProofPool | undefined {
  const script = builtScript()
  return script && new ProofPool({ start: workerThread(script), threads: threadsFor() })
}

/** What a machine with proofs verified beforehand is made of. */
export interface ProofsAheadOptions extends Omit<TopicsOptions, 'crypto' | 'identity' | 'openRing'> {
  readonly crypto: CryptoProvider
  readonly identityCrypto: IdentityCrypto
  /** Computes what was not verified beforehand. */
  readonly identity: IdentityVerifier
  readonly pool: Proofs | undefined
}

/** A machine, and what begins the checks of its operations. */
export interface PreparedMachine {
  readonly machine: TopicsMachine
  readonly prepare: Prepare<RecordedState<TopicsState>>
  readonly checks: ProofChecks
}

/** The machine of topics, whose proofs may be verified beforehand. */
export function withProofsAhead(options: ProofsAheadOptions): PreparedMachine {
  const { crypto, identityCrypto, identity, pool, executor, ...organisation } = options
  const checks = new ProofChecks({ sha256: crypto.sha256, identity, pool })
  const common: Omit<TopicsOptions, 'identity' | 'executor'> = {
    ...organisation,
    crypto,
    openRing: (name, keys) => {
      const ring = openRing(name, keys, identityCrypto)
      if (ring !== undefined) checks.name(ring, name)
      return ring
    },
  }
  const machine = topics({ ...common, identity: checks.verifier, executor })
  const listener = new ListeningVerifier()
  const asked = topics({ ...common, identity: listener, executor: JUDGES_NOTHING, verdictsMax: 0 })
  listener.take()
  const prepare: Prepare<RecordedState<TopicsState>> = ({ inner }, operations, order) => {
    if (pool?.isWorking !== true) return undefined
    for (const bytes of operations) asked.admit(inner, bytes)
    return checks.prepare(listener.take(), order)
  }
  return { machine, prepare, checks }
}

/** Programs are judged when they are met: nothing of theirs is verified beforehand. */
const JUDGES_NOTHING: Executor = {
  name: 'nothing',
  version: 1,
  validate: () => ({ valid: false, reason: 'not judged here', gas: 0 }),
  execute: () => ({ outcome: 'failed', reason: 'not carried out here', gas: 0 }),
  apply: () => ({ outcome: 'failed', reason: 'not carried out here', gas: 0 }),
  holds: () => false,
}
