/**
 * An election as its interface wishes it to be, and what an adversary may learn of it.
 */
import type { Election } from '@mc/acs'
import { type Domain, nMinusF, type PeerIndex, PeerSet, peer } from '@mc/protocol'
import { union } from '@mc/protocol/wire'
import { seededRandom } from '@mc/sim'

export interface AskedMessage {
  readonly type: 'asked'
}

/** What the members of one network share: who leads where, and which leaders can be known by now. */
export class Oracle {
  readonly #leaderOf: (domain: Domain, n: number) => number
  readonly #revealed = new Map<string, PeerIndex>()

  constructor(leaderOf: (domain: Domain, n: number) => number = chosenByDomain) {
    this.#leaderOf = leaderOf
  }

  /** Leaders that some member asked for: known to the adversary from then on, by instance and iteration. */
  get revealed(): ReadonlyMap<string, PeerIndex> {
    return this.#revealed
  }

  leader(domain: Domain, n: number): PeerIndex {
    return peer(this.#leaderOf(domain, n))
  }

  ask(domain: Domain, n: number): void {
    this.#revealed.set(domain.join('/'), this.leader(domain, n))
  }
}

const chosenByDomain = (domain: Domain, n: number): number => seededRandom(domain.join('/')).below(n)

/** Its leader is known to a member that has asked once n − f members have. */
export const idealElection = (oracle: Oracle = new Oracle()): Election<AskedMessage> => ({
  role: 'election',
  name: 'election/ideal',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => union({ asked: {} }),
  create: ({ committee, domain }, effects) => {
    const asked = new PeerSet(committee.n)
    let answered = false
    return {
      handleInput: () => {
        oracle.ask(domain, committee.n)
        effects.broadcast({ type: 'asked' })
      },
      handleMessage: from => {
        asked.add(from)
        if (answered || asked.size < nMinusF(committee) || !asked.has(committee.self)) return
        answered = true
        effects.output(oracle.leader(domain, committee.n))
      },
    }
  },
})
