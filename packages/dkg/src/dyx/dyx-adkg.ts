/**
 * Asynchronous distributed key generation from nothing but links: no log, no key, no leader.
 *
 * Everybody shares a random secret with everybody. Whoever has completed more than f sharings broadcasts which, as its key set.
 * One binary agreement per member asks whether its key set is in; as soon as one is, no more are proposed. The key is the sum of
 * all secrets in the key sets that are in: among any f + 1 dealers there is a correct one.
 *
 * Why it ends: the key sets of correct members are delivered and complete everywhere, so their agreements are given nothing but
 * ones until one agreement has decided 1; from then on the rest is given zeros. What is decided 1 was proposed by a correct
 * member that had all its sharings, and complete once is complete everywhere.
 */
import type { Coin, CoinShareMessage } from '@mc/coin'
import { keySetOf, randomPolynomial } from '@mc/crypto/dkg'
import { dleqProofBytes, type PrimeGroup, thresholdPrf } from '@mc/crypto/threshold'
import {
  type Bit,
  type Effects,
  fPlus1,
  invariant,
  type PeerIndex,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type { Aba, AbaInput } from '@mc/raba'
import type { Delivery, Rbc } from '@mc/rbc'
import type {
  GeneratedKey,
  KeyGeneration,
  KeyGenerationInput,
  KeyGenerationOptions,
  KeyGenerationParams,
} from '../key-generation.js'
import { sumOfCommitments, sumOfScalars } from '../scalars.js'
import { memberSessionOf } from '../session.js'
import { dealingBytes } from './dealing.js'
import { type DealtCoin, type DealtCoinKey, dealtCoin } from './dealt-coin.js'
import { Derivation } from './derivation.js'
import { decodeKeySet, encodeKeySet } from './key-set.js'
import { type DyxMessage, dyxCodec, type SharingMessage } from './messages.js'
import { type CompleteSharing, Sharing } from './sharing.js'

/** What `dyxAdkg` is made from; one object per member. */
export interface DyxAdkgOptions<Element, RbcMessage, AbaMessage> extends KeyGenerationOptions<Element> {
  readonly rbc: Rbc<RbcMessage>
  /**
   * Makes the agreement on one member's key set from the coin that its dealings give.
   *
   * It must decide unanimous inputs without a coin: where all propose 0 there may never be one. `quadraticAba` and `crainAba`
   * do; an agreement that flips in every round, like `cobaltAba`, does not, and may take a local coin only if it is safe with any.
   */
  readonly aba: (coin: Coin<CoinShareMessage>) => Aba<AbaMessage>
}

/**
 * Key generation of Das, Yurek, Xiang, Miller, Kokoris-Kogias and Ren, with its recovery path.
 *
 * Guarantees what `KeyGeneration` promises, against static adversaries; the public key is as good as uniform, as it is shown
 * only once the dealers are chosen. With `quadraticAba` or `crainAba` an expected constant number of rounds, for the coin is
 * common.
 *
 * Costs: 2n broadcasts and n agreements; O(κn³) bits with broadcasts of O(n) bytes at O(n²). State: 2n broadcasts, n agreements
 * and n sharings with a few records per peer. After its output an instance goes on helping others.
 * Faults reported: those of its parts, `dkg/undecodable-dealing`, `dkg/unproven-dealing`, `dkg/bad-share`, `dkg/false-implication`, `dkg/bad-reveal`,
 * `dkg/undecodable-key-set`, `dkg/bad-derivation`, `dkg/conflicting-derivation`.
 *
 * `create` throws a RangeError if box keys do not fit, or the broadcast is too small for a dealing.
 *
 * @see Das, Yurek, Xiang, Miller, Kokoris-Kogias, Ren: Practical Asynchronous Distributed Key Generation, IEEE S&P 2022, as
 * mapped in PAPER.md
 */
export function dyxAdkg<Element, RbcMessage, AbaMessage>(
  options: DyxAdkgOptions<Element, RbcMessage, AbaMessage>,
): KeyGeneration<DyxMessage<RbcMessage, AbaMessage>> {
  const { group, boxes, rbc } = options
  const aba = options.aba(dealtCoin(group).coin)
  const sizes = {
    disclosureBytes: boxes.disclosureBytes,
    scalarBytes: group.scalarBytes,
    elementBytes: group.elementBytes,
    proofBytes: dleqProofBytes(group),
  }
  return {
    role: 'dkg',
    name: 'dkg/dyx',
    wireVersion: 1,
    parameters: { group: group.name, boxes: boxes.name },
    parts: { rbc, aba },
    codec: size => dyxCodec(size, sizes, { rbc: rbc.codec(size), aba: aba.codec(size) }),
    create: (params, effects) => new DyxAdkg(options, params, effects),
  }
}

/** One member's key set: its broadcast, the agreement on it, its coin, and what is known of them. */
interface Candidate<RbcMessage, AbaMessage> {
  readonly proposer: PeerIndex
  readonly rbc: Protocol<Uint8Array, RbcMessage>
  readonly aba: Protocol<AbaInput, AbaMessage>
  readonly coin: DealtCoin
  dealers: readonly PeerIndex[] | undefined
  proposed: boolean
  decision: Bit | undefined
}

class DyxAdkg<Element, RbcMessage, AbaMessage>
  implements Protocol<KeyGenerationInput, DyxMessage<RbcMessage, AbaMessage>>
{
  readonly #options: DyxAdkgOptions<Element, RbcMessage, AbaMessage>
  readonly #params: KeyGenerationParams
  readonly #effects: Effects<DyxMessage<RbcMessage, AbaMessage>, GeneratedKey>
  readonly #session: Uint8Array
  /** The group with the generator that dealings are committed to: nobody knows the key's generator to it. */
  readonly #committing: PrimeGroup<Element>
  readonly #sharings: readonly Sharing<Element, RbcMessage>[]
  /** By dealer. */
  readonly #complete = new Map<PeerIndex, CompleteSharing<Element>>()
  readonly #candidates: readonly Candidate<RbcMessage, AbaMessage>[]
  readonly #derivation: Derivation<Element>
  #generating = false
  #setSent = false
  /** Whose secrets are the key, once that is agreed, and our share of it. */
  #chosen: { readonly dealers: readonly PeerIndex[]; readonly share: bigint } | undefined
  #done = false

  constructor(
    options: DyxAdkgOptions<Element, RbcMessage, AbaMessage>,
    params: KeyGenerationParams,
    effects: Effects<DyxMessage<RbcMessage, AbaMessage>, GeneratedKey>,
  ) {
    const { group } = options
    this.#options = options
    this.#params = params
    this.#effects = effects
    this.#session = memberSessionOf('dyx', options, params)
    this.#committing = {
      ...group,
      name: `${group.name}/second`,
      generator: group.hashToGroup(SECOND_GENERATOR, new Uint8Array(0)),
    }
    this.#requireRoom()
    this.#sharings = params.committee.peers.map(dealer => this.#sharing(dealer))
    this.#candidates = params.committee.peers.map(proposer => this.#candidate(proposer))
    const base = this.#committing.generator
    this.#derivation = new Derivation({ group, committee: params.committee, session: this.#session, base })
  }

  // 1: upon generate: share a random secret
  handleInput(_generate: KeyGenerationInput): void {
    if (this.#generating) throw new RangeError('dkg: this key is being generated already')
    this.#generating = true
    const { committee } = this.#params
    const { rng, group } = this.#options
    this.#sharingOf(committee.self).handleInput(
      randomPolynomial({ threshold: fPlus1(committee), order: group.order, rng }),
    )
  }

  handleMessage(from: PeerIndex, message: DyxMessage<RbcMessage, AbaMessage>): void {
    switch (message.type) {
      case 'sharing':
        return this.#sharingOf(message.dealer).handleMessage(from, message.message)
      case 'key-set':
        return this.#candidateOf(message.proposer).rbc.handleMessage(from, message.message)
      case 'aba':
        return this.#candidateOf(message.proposer).aba.handleMessage(from, message.message)
      case 'derive':
        return this.#onDerive(from, message)
      default:
        return unreachable(message)
    }
  }

  // 2: upon more than f complete sharings: broadcast which, once
  #onShared(dealer: PeerIndex, sharing: CompleteSharing<Element>): void {
    this.#complete.set(dealer, sharing)
    this.#trySendSet()
    this.#tryProposeOnes()
    this.#tryChoose()
  }

  #trySendSet(): void {
    const { committee } = this.#params
    if (this.#setSent || !this.#generating || this.#complete.size < fPlus1(committee)) return
    this.#setSent = true
    this.#candidateOf(committee.self).rbc.handleInput(encodeKeySet(committee, [...this.#complete.keys()]))
  }

  // 3: upon delivery of a key set of more than f dealers: keep it
  #onKeySet(candidate: Candidate<RbcMessage, AbaMessage>, delivery: Delivery): void {
    const { committee } = this.#params
    const dealers = delivery === 'bad' ? undefined : decodeKeySet(committee, delivery)
    if (dealers === undefined) {
      const detail = `need more than ${committee.f} dealers`
      this.#effects.fault({ rule: 'dkg/undecodable-key-set', peer: candidate.proposer, detail })
      return
    }
    candidate.dealers = dealers
    this.#tryProposeOnes()
    this.#tryChoose()
  }

  // 4: all sharings of a key set are complete here: propose 1 for it; they make the coin of its agreement
  #tryProposeOnes(): void {
    for (const candidate of this.#candidates) {
      const { dealers } = candidate
      if (dealers === undefined || !this.#hasAll(dealers)) continue
      candidate.coin.provide(() => this.#coinKeyOf(dealers))
      if (this.#generating) this.#propose(candidate, 1)
    }
  }

  // 5: one agreement has decided 1: propose 0 to all that have no input
  #onDecided(candidate: Candidate<RbcMessage, AbaMessage>, decision: Bit): void {
    candidate.decision = decision
    if (decision === 1) for (const other of this.#candidates) this.#propose(other, 0)
    this.#tryChoose()
  }

  #propose(candidate: Candidate<RbcMessage, AbaMessage>, bit: Bit): void {
    if (candidate.proposed) return
    candidate.proposed = true
    candidate.aba.handleInput({ type: 'propose', bit })
  }

  // 6: all agreements have decided and all sharings of the key sets that are in are complete: they are the key. Show h^(z_i)
  #tryChoose(): void {
    if (this.#chosen !== undefined || this.#candidates.some(({ decision }) => decision === undefined)) return
    const sets = this.#candidates.filter(({ decision }) => decision === 1).map(({ dealers }) => dealers)
    if (sets.length === 0 || !sets.every(dealers => dealers !== undefined && this.#hasAll(dealers))) return
    const union = new Set(sets.flatMap(dealers => dealers as readonly PeerIndex[]))
    const dealers = this.#params.committee.peers.filter(peer => union.has(peer))
    const { commitment, share } = this.#sumOf(dealers)
    this.#chosen = { dealers, share }
    this.#derivation.choose(commitment)
    this.#effects.broadcast(this.#derivation.show(commitment, share))
    this.#tryOutput()
  }

  // 7: upon f + 1 shares in the exponent that are proven: output the key
  #onDerive(
    from: PeerIndex,
    message: DyxMessage<RbcMessage, AbaMessage> & { readonly type: 'derive' },
  ): void {
    if (this.#done) return
    if (!this.#derivation.add(from, message)) {
      const detail = 'another share in the exponent than before'
      this.#effects.fault({ rule: 'dkg/conflicting-derivation', peer: from, detail })
    }
    this.#tryOutput()
  }

  #tryOutput(): void {
    const chosen = this.#chosen
    if (chosen === undefined || this.#done) return
    const keys = this.#derivation.tryDerive(peer => {
      const detail = 'its share in the exponent is not proven'
      this.#effects.fault({ rule: 'dkg/bad-derivation', peer, detail })
    })
    if (keys === undefined) return
    this.#done = true
    const { group } = this.#options
    const secretShare = group.encodeScalar(chosen.share)
    this.#effects.output({ group: group.name, keys, secretShare, dealers: chosen.dealers })
  }

  #hasAll(dealers: readonly PeerIndex[]): boolean {
    return dealers.every(dealer => this.#complete.has(dealer))
  }

  #sumOf(dealers: readonly PeerIndex[]): CompleteSharing<Element> {
    const sharings = dealers.map(dealer => this.#complete.get(dealer) as CompleteSharing<Element>)
    const { group } = this.#options
    const commitment = sumOfCommitments(
      group,
      sharings.map(sharing => sharing.commitment),
    )
    const share = sumOfScalars(
      group,
      sharings.map(sharing => sharing.share),
    )
    return { commitment, share }
  }

  #coinKeyOf(dealers: readonly PeerIndex[]): DealtCoinKey {
    const { sha256 } = this.#options
    const group = this.#committing
    const { commitment, share } = this.#sumOf(dealers)
    const keys = keySetOf(group, commitment, this.#params.committee.n)
    invariant(keys !== undefined, 'among keys that include a correct random one is no identity')
    return { scheme: thresholdPrf({ group, sha256, keys }), secretShare: group.encodeScalar(share) }
  }

  #sharing(dealer: PeerIndex): Sharing<Element, RbcMessage> {
    const { committee, boxKeys } = this.#params
    const base = this.#committing.generator
    const options = { ...this.#options, committee, boxKeys, dealer, session: this.#session, base }
    return new Sharing(
      options,
      this.#effects.scope<SharingMessage<RbcMessage>, CompleteSharing<Element>>({
        wrap: message => ({ type: 'sharing', dealer, message }),
        onOutput: sharing => this.#onShared(dealer, sharing),
      }),
    )
  }

  #candidate(proposer: PeerIndex): Candidate<RbcMessage, AbaMessage> {
    const { committee, domain } = this.#params
    const coin = dealtCoin(this.#options.group)
    const rbc = this.#options.rbc.create(
      { committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'key-set', proposer, message }),
        onOutput: delivery => this.#onKeySet(candidate, delivery),
      }),
    )
    const aba = this.#options.aba(coin.coin).create(
      { committee, domain: subdomain(domain, 'dyx', proposer) },
      this.#effects.scope<AbaMessage, Bit>({
        wrap: message => ({ type: 'aba', proposer, message }),
        onOutput: bit => this.#onDecided(candidate, bit),
      }),
    )
    const candidate: Candidate<RbcMessage, AbaMessage> = {
      proposer,
      rbc,
      aba,
      coin,
      dealers: undefined,
      proposed: false,
      decision: undefined,
    }
    return candidate
  }

  #requireRoom(): void {
    const { group, boxes, rbc } = this.#options
    const { committee } = this.#params
    const needed = dealingBytes({ group, boxes, n: committee.n, threshold: fPlus1(committee) })
    if (needed > rbc.payloadBytesMax) {
      throw new RangeError(`dkg: a dealing has ${needed} bytes, the broadcast carries ${rbc.payloadBytesMax}`)
    }
  }

  #sharingOf(dealer: PeerIndex): Sharing<Element, RbcMessage> {
    return this.#sharings[dealer] as Sharing<Element, RbcMessage>
  }

  #candidateOf(proposer: PeerIndex): Candidate<RbcMessage, AbaMessage> {
    return this.#candidates[proposer] as Candidate<RbcMessage, AbaMessage>
  }
}

const SECOND_GENERATOR = 'mc/dkg/second-generator/v1'
