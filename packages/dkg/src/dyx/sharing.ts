/**
 * One dealer's asynchronous complete secret sharing: if one correct member completes it, all do, each with its share.
 *
 * The dealer broadcasts commitments to a polynomial and all shares in boxes. Who has a good share says OK; on 2f + 1 OK, or
 * f + 1 READY, members are READY, and on 2f + 1 READY the sharing is complete. Then f + 1 correct members have good shares.
 * Who has none opens its box for everybody, which proves the dealer faulty; the others then reveal their shares, and f + 1 of
 * them give the polynomial. Nobody can have shares of a correct dealer revealed: its boxes hold what it committed to, and a dealer
 * that borrows another's ephemeral key cannot prove that it is its own.
 */
import { commitPolynomial, encodeElements, interpolateAt, verifyPoints } from '@mc/crypto/dkg'
import type { SecretShare } from '@mc/crypto/threshold'
import {
  type Committee,
  type Effects,
  fPlus1,
  type PeerIndex,
  PeerSet,
  type Protocol,
  twoFPlus1,
  unreachable,
} from '@mc/protocol'
import { Writer } from '@mc/protocol/wire'
import type { Delivery, Rbc } from '@mc/rbc'
import type { KeyGenerationOptions } from '../key-generation.js'
import { boxContext } from '../session.js'
import { dealingCodec, type OpenedDealing, openDealing, shareBoxBytes } from './dealing.js'
import type { SharingMessage } from './messages.js'

/** What one sharing is made from. */
export interface SharingOptions<Element, RbcMessage> extends KeyGenerationOptions<Element> {
  readonly rbc: Rbc<RbcMessage>
  readonly committee: Committee
  readonly dealer: PeerIndex
  readonly session: Uint8Array
  readonly boxKeys: readonly Uint8Array[]
  /** What the polynomial is committed to. */
  readonly base: Element
}

/** A complete sharing: what everybody knows of the polynomial, and our share of it. */
export interface CompleteSharing<Element> {
  readonly commitment: readonly Element[]
  readonly share: bigint
}

/** The coefficients of the polynomial that the dealer shares, the secret first. */
export type SharingInput = readonly bigint[]

/** The protocol of one dealer's sharing. */
export class Sharing<Element, RbcMessage> implements Protocol<SharingInput, SharingMessage<RbcMessage>> {
  readonly #options: SharingOptions<Element, RbcMessage>
  readonly #effects: Effects<SharingMessage<RbcMessage>, CompleteSharing<Element>>
  readonly #rbc: Protocol<Uint8Array, RbcMessage>
  readonly #oks: PeerSet
  readonly #readies: PeerSet
  /** The first disclosure of each peer, until it has been looked at. */
  readonly #implications = new Map<PeerIndex, Uint8Array>()
  readonly #implicators: PeerSet
  /** The first revealed share of each peer, until it has been looked at. */
  readonly #reveals = new Map<PeerIndex, Uint8Array>()
  readonly #revealers: PeerSet
  /** Revealed shares that are good. */
  #points: SecretShare[] = []
  #dealing: OpenedDealing<Element> | undefined
  #share: bigint | undefined
  #found = false
  #readySent = false
  #done = false

  constructor(
    options: SharingOptions<Element, RbcMessage>,
    effects: Effects<SharingMessage<RbcMessage>, CompleteSharing<Element>>,
  ) {
    const { committee, dealer, rbc } = options
    this.#options = options
    this.#effects = effects
    this.#oks = new PeerSet(committee.n)
    this.#readies = new PeerSet(committee.n)
    this.#implicators = new PeerSet(committee.n)
    this.#revealers = new PeerSet(committee.n)
    this.#rbc = rbc.create(
      { committee, proposer: dealer },
      effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'rbc', message }),
        onOutput: delivery => this.#onDelivered(delivery),
      }),
    )
  }

  // 1: upon input φ at the dealer: broadcast commitments to φ, and φ(j + 1) for each member j in a box
  handleInput(coefficients: SharingInput): void {
    const { group, boxes, boxKeys, committee, base, rng, dealer } = this.#options
    const commitment = encodeElements(group, commitPolynomial(group, base, coefficients))
    const sealed = boxes.seal({
      recipients: boxKeys,
      messages: committee.peers.map(member => group.encodeScalar(valueAt(coefficients, member, group.order))),
      context: this.#contextOf(dealer, commitment),
      rng,
    })
    const writer = new Writer()
    for (const box of sealed.boxes) writer.raw(box)
    const { ephemeral } = sealed
    const dealing = { commitment, ephemeral, possession: sealed.provePossession(), boxes: writer.finish() }
    this.#rbc.handleInput(dealingCodec(this.#setting).encode(dealing))
  }

  handleMessage(from: PeerIndex, message: SharingMessage<RbcMessage>): void {
    switch (message.type) {
      case 'rbc':
        return this.#rbc.handleMessage(from, message.message)
      case 'ok':
        return this.#onOk(from)
      case 'ready':
        return this.#onReady(from)
      case 'implicate':
        return this.#onImplicate(from, message.disclosed)
      case 'reveal':
        return this.#onReveal(from, message.share)
      default:
        return unreachable(message)
    }
  }

  // 2: upon delivery of a dealing: OK if our share is good, IMPLICATE with what opens our box if it is not
  #onDelivered(delivery: Delivery): void {
    const { dealer, committee } = this.#options
    const dealing = delivery === 'bad' ? undefined : openDealing(this.#setting, delivery)
    if (dealing === undefined) {
      // Everybody sees it: nobody will say OK, and the sharing never completes.
      this.#fault('dkg/undecodable-dealing', dealer, 'its broadcast holds no dealing')
      return
    }
    // An ephemeral key that is another dealer's: to open a box of this one would open that one's too, so nobody does.
    if (!this.#isPossessed(dealing)) {
      this.#fault('dkg/unproven-dealing', dealer, 'its ephemeral key is not proven to be its own')
      return
    }
    this.#dealing = dealing
    const opened = this.#options.boxes.open(this.#boxOf(dealing, committee.self), this.#options.boxSecretKey)
    this.#share = this.#goodShare(dealing, committee.self, opened)
    if (this.#share === undefined) this.#implicate(dealing)
    else this.#effects.broadcast({ type: 'ok' })
    this.#checkImplications()
    this.#tryRecover()
    this.#tryOutput()
  }

  #implicate(dealing: OpenedDealing<Element>): void {
    const { dealer, committee, boxes, boxSecretKey } = this.#options
    this.#fault('dkg/bad-share', dealer, 'our share is not the one that it is committed to')
    const disclosed = boxes.disclose(this.#boxOf(dealing, committee.self), boxSecretKey)
    if (disclosed !== undefined) this.#effects.broadcast({ type: 'implicate', disclosed })
  }

  // 3: upon 2f + 1 OK: READY
  #onOk(from: PeerIndex): void {
    this.#oks.add(from)
    if (this.#oks.size >= twoFPlus1(this.#options.committee)) this.#sendReady()
  }

  // 4: upon f + 1 READY: READY; upon 2f + 1 READY and a share: complete
  #onReady(from: PeerIndex): void {
    this.#readies.add(from)
    if (this.#readies.size >= fPlus1(this.#options.committee)) this.#sendReady()
    this.#tryOutput()
  }

  #sendReady(): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready' })
  }

  // 5: upon an IMPLICATE that shows a bad share: REVEAL our own, if it is good. The dealer is faulty, its secret worth nothing
  #onImplicate(from: PeerIndex, disclosed: Uint8Array): void {
    // The first proof is enough, and a member's second word does not count.
    if (this.#found || !this.#implicators.add(from)) return
    this.#implications.set(from, Uint8Array.from(disclosed))
    this.#checkImplications()
  }

  #checkImplications(): void {
    const dealing = this.#dealing
    if (dealing === undefined) return
    for (const [from, disclosed] of this.#implications) {
      this.#implications.delete(from)
      if (this.#found) continue
      if (this.#showsBadShare(dealing, from, disclosed)) this.#reveal()
      else this.#fault('dkg/false-implication', from, `blames dealer ${this.#options.dealer} for nothing`)
    }
  }

  #showsBadShare(dealing: OpenedDealing<Element>, from: PeerIndex, disclosed: Uint8Array): boolean {
    const { boxes, boxKeys } = this.#options
    const recipient = boxKeys[from] as Uint8Array
    const shown = boxes.openDisclosed({ ...this.#boxOf(dealing, from), recipient, disclosed })
    if (shown.type === 'false-disclosure') return false
    const message = shown.type === 'message' ? shown.message : undefined
    return this.#goodShare(dealing, from, message) === undefined
  }

  #reveal(): void {
    this.#found = true
    if (this.#share === undefined) return
    this.#effects.broadcast({ type: 'reveal', share: this.#options.group.encodeScalar(this.#share) })
  }

  // 6: upon f + 1 good REVEALs, without a share: interpolate φ(i + 1)
  #onReveal(from: PeerIndex, share: Uint8Array): void {
    if (this.#share !== undefined || !this.#revealers.add(from)) return
    this.#reveals.set(from, Uint8Array.from(share))
    this.#tryRecover()
    this.#tryOutput()
  }

  #tryRecover(): void {
    const dealing = this.#dealing
    if (dealing === undefined) return
    for (const [from, bytes] of this.#reveals) {
      this.#reveals.delete(from)
      if (this.#share !== undefined) continue
      const value = this.#goodShare(dealing, from, bytes)
      if (value === undefined)
        this.#fault('dkg/bad-reveal', from, `no share of dealer ${this.#options.dealer}`)
      else this.#addPoint({ member: from, value })
    }
  }

  #addPoint(point: SecretShare): void {
    const { committee, group } = this.#options
    this.#points.push(point)
    if (this.#points.length < fPlus1(committee)) return
    this.#share = interpolateAt(this.#points, committee.self, group.order)
    this.#points = []
  }

  #tryOutput(): void {
    const [dealing, share] = [this.#dealing, this.#share]
    if (this.#done || dealing === undefined || share === undefined) return
    if (this.#readies.size < twoFPlus1(this.#options.committee)) return
    this.#done = true
    this.#effects.output({ commitment: dealing.elements, share })
  }

  /** The share in these bytes, if it is the one that the dealer committed to. */
  #goodShare(
    { elements: commitment }: OpenedDealing<Element>,
    member: PeerIndex,
    bytes: Uint8Array | undefined,
  ): bigint | undefined {
    const value = bytes && this.#options.group.decodeScalar(bytes)
    if (value === undefined) return undefined
    return verifyPoints(this.#options, this.#options.base, [{ commitment, member, value }])
      ? value
      : undefined
  }

  #boxOf(dealing: OpenedDealing<Element>, member: PeerIndex) {
    const length = shareBoxBytes(this.#options)
    return {
      ephemeral: dealing.ephemeral,
      box: dealing.boxes.subarray(member * length, (member + 1) * length),
      context: this.#contextOf(this.#options.dealer, dealing.commitment),
    }
  }

  #isPossessed({ commitment, ephemeral, possession: proof }: OpenedDealing<Element>): boolean {
    const context = this.#contextOf(this.#options.dealer, commitment)
    return this.#options.boxes.isPossessed({ ephemeral, context, proof })
  }

  /** A box is bound to dealer and commitments: copied into another dealing, it does not open. */
  #contextOf(dealer: PeerIndex, commitment: Uint8Array): Uint8Array {
    return boxContext(this.#options.session, 'share', dealer, commitment)
  }

  get #setting() {
    const { committee, group, boxes } = this.#options
    return { group, boxes, n: committee.n, threshold: fPlus1(committee) }
  }

  #fault(rule: string, peer: PeerIndex, detail: string): void {
    this.#effects.fault({ rule, peer, detail })
  }
}

/** φ(member + 1). */
const valueAt = (coefficients: readonly bigint[], member: PeerIndex, order: bigint): bigint =>
  coefficients.reduceRight((sum, coefficient) => (sum * (BigInt(member) + 1n) + coefficient) % order, 0n)
