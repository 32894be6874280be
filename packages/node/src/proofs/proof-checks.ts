/**
 * Verifies proofs before a state machine asks for them, in other threads, and remembers what they found.
 *
 * A verdict is a pure function of its claim, so it does not matter who computed it or when: what was not verified beforehand the
 * machine's verifier computes itself, and all members come to the same state whatever their threads do.
 */
import type { Sha256 } from '@mc/crypto'
import {
  type IdentityVerifier,
  type ProofResult,
  proofJobCodec,
  proofResultCodec,
  type Ring,
  type RingName,
} from '@mc/identity'
import { DecodeError } from '@mc/protocol/wire'
import { claimNames, type NameOfClaim, type ProofClaim } from './claim.js'
import { type ClaimJob, jobsOf, type NamedClaim } from './claim-jobs.js'
import type { JobOrder, ProofPool } from './proof-pool.js'
import { RememberingVerifier } from './remembering-verifier.js'
import { VerdictStore } from './verdict-store.js'

/** What checks are made of. */
export interface ProofChecksOptions {
  readonly sha256: Sha256
  /** Computes what was not verified beforehand. */
  readonly identity: IdentityVerifier
  /** Where claims are verified beforehand; without it they are verified when they are met. */
  readonly pool: Pick<ProofPool, 'run' | 'isWorking'> | undefined
  readonly verdictsMax?: number
}

/** Fewer signatures than these, with nothing dearer beside them, are verified sooner where they are met. */
export const SIGNATURES_WORTH_IT = 16

/** What has been verified beforehand, and what is being verified. */
export class ProofChecks {
  /** The verifier for a state machine: it looks up, and computes what it does not find. */
  readonly verifier: RememberingVerifier
  readonly #options: ProofChecksOptions
  readonly #nameOf: NameOfClaim
  readonly #verdicts: VerdictStore
  readonly #rings = new WeakMap<Ring, RingName>()
  readonly #running = new Map<string, Promise<void>>()

  constructor(options: ProofChecksOptions) {
    this.#options = options
    this.#nameOf = claimNames(options.sha256)
    this.#verdicts = new VerdictStore(options.verdictsMax)
    this.verifier = new RememberingVerifier(options.identity, claim => this.#verdictOn(claim))
  }

  /** Learns what a ring is called: a thread has to open it again. */
  name(ring: Ring, name: RingName): void {
    this.#rings.set(ring, name)
  }

  /**
   * Begins to verify what is not verified yet; nothing if there is nothing to wait for. Never rejects.
   *
   * What could not be verified is not waited for either.
   */
  prepare(claims: readonly ProofClaim[], order: JobOrder): Promise<void> | undefined {
    if (this.#options.pool?.isWorking !== true) return undefined
    const wanted = new Map<string, NamedClaim>()
    const waits = new Set<Promise<void>>()
    for (const claim of claims) {
      const name = this.#nameOf(claim)
      if (name === undefined || this.#verdicts.get(name) !== undefined) continue
      const running = this.#running.get(name)
      if (running === undefined) wanted.set(name, { name, claim })
      else waits.add(running)
    }
    if (isWorthIt([...wanted.values()])) {
      for (const one of jobsOf([...wanted.values()], ring => this.#rings.get(ring)))
        waits.add(this.#do(one, order))
    }
    return waits.size === 0 ? undefined : Promise.all(waits).then(() => {})
  }

  #verdictOn(claim: ProofClaim): boolean | undefined {
    const name = this.#nameOf(claim)
    return name === undefined ? undefined : this.#verdicts.get(name)
  }

  #do({ job, names }: ClaimJob, order: JobOrder): Promise<void> {
    const done = this.#ask(proofJobCodec.encode(job), order).then(holds => {
      for (const [at, name] of names.entries()) {
        this.#running.delete(name)
        // As many verdicts as claims, or none of them is believed.
        if (holds?.length === names.length) this.#verdicts.set(name, holds[at] === true)
      }
    })
    for (const name of names) this.#running.set(name, done)
    return done
  }

  async #ask(job: Uint8Array, order: JobOrder): Promise<readonly boolean[] | undefined> {
    const answer = await this.#options.pool?.run(job, order)
    const result = answer && resultIn(answer)
    return result?.type === 'verdicts' ? result.holds : undefined
  }
}

const isWorthIt = (claims: readonly NamedClaim[]): boolean =>
  claims.length >= SIGNATURES_WORTH_IT || claims.some(({ claim }) => claim.type !== 'signature')

function resultIn(bytes: Uint8Array): ProofResult | undefined {
  try {
    return proofResultCodec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
