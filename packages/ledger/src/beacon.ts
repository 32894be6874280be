/**
 * The beacon of the ledger: a value per block that nobody knows before the block is agreed on.
 *
 * Each member registers the end c = SHA256^M(s) of a chain of hashes; every proposal reveals the link before the one that was
 * agreed last, and R_h = H('mc/beacon/chain', R_{h−1}, the links that are in, ordered by member). A link has one value, so all
 * that a member can do is hold it back, and all that the network can do is choose which proposals get in.
 *
 * Guarantees: with one correct member's link in a block, R_h is unpredictable before that link is revealed, if SHA-256 is
 * one-way. Not guaranteed: freedom from bias. f members that hold back choose among 2^f values at most, and whoever schedules
 * the network chooses among the sets of proposals that can get in; a link in a proposal that did not get in is public before
 * it is used. Draws therefore use a beacon some blocks after everything they draw over was fixed.
 *
 * Derived; the argument stands in docs/adr/0016-beacon.md.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'

/** Links of one chain. The last one is revealed together with the end of the next chain. */
export const CHAIN_LINKS = 4_096

/** How the value of a beacon came about, from the best to the weakest: see each one's guarantees. */
export type BeaconLabel = 'coin' | 'chain' | 'hash'

/** R(h): what draws in block h and after are drawn from. */
export interface Beacon {
  readonly label: BeaconLabel
  readonly value: Uint8Array
}

/** Where a member's chain stands. */
export interface BeaconChain {
  /** Which of its chains it is, counted from 1; 0 if it never registered one. */
  readonly generation: number
  /** How many links of it have been agreed. */
  readonly used: number
  /** The last agreed link, or the end of the chain; empty before there is one. */
  readonly last: Uint8Array
}

/** The beacon after a block. */
export interface BeaconState {
  readonly value: Uint8Array
  /** By member index. */
  readonly chains: readonly BeaconChain[]
}

/** What a proposal says for the beacon: the next link, and the end of a new chain where the old one is used up. */
export interface BeaconReveal {
  readonly link: Uint8Array | undefined
  readonly end: Uint8Array | undefined
}

const NO_CHAIN: BeaconChain = { generation: 0, used: 0, last: new Uint8Array(0) }

/** The beacon before the first block: the network's id, and nobody's chain. */
export const initialBeacon = (network: Uint8Array, memberCount: number): BeaconState => ({
  value: network,
  chains: new Array<BeaconChain>(memberCount).fill(NO_CHAIN),
})

/** The same beacon under another configuration: `seats` says, by new member index, which old one it was, −1 for nobody. */
export const reseatChains = ({ value, chains }: BeaconState, seats: readonly number[]): BeaconState => ({
  value,
  chains: seats.map(seat => chains[seat] ?? NO_CHAIN),
})

/** The beacon after a block whose proposals revealed this, by member index. What does not fit a chain counts for nothing. */
export function advanceBeacon(
  { value, chains }: BeaconState,
  revealed: ReadonlyMap<number, BeaconReveal>,
  sha256: Sha256,
): BeaconState {
  const links: Uint8Array[] = []
  const after = chains.map((chain, member) => {
    const { link, end } = revealed.get(member) ?? { link: undefined, end: undefined }
    const isNext = link !== undefined && chain.generation > 0 && equalBytes(sha256(link), chain.last)
    if (isNext) links.push(link)
    const stands = isNext ? { ...chain, used: chain.used + 1, last: link } : chain
    const isUsedUp = stands.used >= CHAIN_LINKS || stands.generation === 0
    return isUsedUp && end !== undefined ? { generation: stands.generation + 1, used: 0, last: end } : stands
  })
  return { value: domainHash(sha256, 'mc/beacon/chain', value, ...links), chains: after }
}

/** A member's own chains, all made from its secret key: there is nothing to store and nothing to lose. */
export class OwnBeaconChain {
  readonly #secretKey: Uint8Array
  readonly #network: Uint8Array
  readonly #sha256: Sha256
  #made: { readonly generation: number; readonly links: readonly Uint8Array[] } | undefined

  constructor(secretKey: Uint8Array, network: Uint8Array, sha256: Sha256) {
    this.#secretKey = secretKey
    this.#network = network
    this.#sha256 = sha256
  }

  /** What our next proposal reveals, given where our chain stands on the ledger. */
  reveal({ generation, used }: BeaconChain): BeaconReveal {
    const link = generation === 0 ? undefined : this.#links(generation)[CHAIN_LINKS - 1 - used]
    const isLast = generation === 0 || used + 1 >= CHAIN_LINKS
    return { link, end: isLast ? this.#links(generation + 1)[CHAIN_LINKS] : undefined }
  }

  /** s, SHA256(s), SHA256²(s) … up to the end of the chain. */
  #links(generation: number): readonly Uint8Array[] {
    if (this.#made?.generation !== generation) {
      const count = new Writer(8)
      count.varint(generation)
      const links = [
        domainHash(this.#sha256, 'mc/beacon/seed/v1', this.#secretKey, this.#network, count.finish()),
      ]
      for (let at = 0; at < CHAIN_LINKS; at += 1) links.push(this.#sha256(links[at] as Uint8Array))
      this.#made = { generation, links }
    }
    return this.#made.links
  }
}
