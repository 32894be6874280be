/**
 * Bracha's reliable broadcast on digests: the payload crosses each link once, and only who missed it asks for it.
 *
 * Why it agrees: as Bracha's, on digests, and a digest has one payload. Why it is total: whoever delivers saw f + 1 correct READYs,
 * which make every correct member ready; the first of them stands on n − f ECHOs, n − 2f ≥ f + 1 of them from correct members
 * that hold the payload. So everybody hears f + 1 ECHOs, asks these members, and one of them is correct and answers.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import {
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  PeerSet,
  type Protocol,
  twoFPlus1,
  unreachable,
  VoteSet,
} from '@mc/protocol'
import { DigestTable, shortHex } from '../digest-table.js'
import { checkPayloadBytesMax, checkProposal, PAYLOAD_BYTES_MAX } from '../proposal.js'
import type { Delivery, Rbc, RbcParams } from '../rbc.js'
import { type HashBrachaMessage, hashBrachaCodec } from './messages.js'

/** Whether a payload of this proposer deserves to be broadcast. Pure: the same answer at the same member, whenever it is asked. */
export type PayloadPredicate = (payload: Uint8Array, params: RbcParams) => boolean

/** What the hash form of Bracha's broadcast is made of. */
export interface HashBrachaRbcOptions {
  readonly sha256: Sha256
  /** The largest payload, in bytes; 16 MiB unless said otherwise. All members must share it. */
  readonly payloadBytesMax?: number
  /**
   * Asked once per payload, before it is echoed; everything is accepted by default.
   *
   * It may look at what only this member knows, such as its own share of a secret. Then a delivery says that it held at f + 1
   * correct members at least; and termination needs it to hold at all correct members for payloads of correct proposers.
   */
  readonly accepts?: PayloadPredicate
}

/**
 * Bracha's broadcast with digests in ECHO and READY, and a predicate on payloads.
 *
 * Guarantees what `Rbc` promises, for n ≥ 3f + 1 and a collision-resistant hash, against an adaptive adversary; and that what is
 * delivered was accepted by f + 1 correct members. It never delivers `BAD`.
 *
 * Costs: 3 steps, n + 2n² messages, n · payload bytes if the proposer sends to all. Each member that it left out takes two steps and
 * f + 1 payloads more, whatever the faulty do. Keeps one payload, also after delivery, to answer who missed it: not for
 * agreements that forget a broadcast once it has delivered.
 * Faults reported: `rbc/not-the-proposer`, `rbc/conflicting-send`, `rbc/conflicting-echo`, `rbc/conflicting-ready`,
 * `rbc/refused-payload`, `rbc/bad-body`, `rbc/unasked-body`.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^31 − 1.
 * @see Bracha 1987, section 3; Das, Yurek, Xiang, Miller, Kokoris-Kogias, Ren: Practical Asynchronous DKG, S&P 2022 (validity); the
 * pull is derived
 */
export function hashBrachaRbc({
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  accepts = () => true,
}: HashBrachaRbcOptions): Rbc<HashBrachaMessage> {
  checkPayloadBytesMax(payloadBytesMax)
  return {
    role: 'rbc',
    name: 'rbc/hash-bracha',
    wireVersion: 1,
    parameters: { payloadBytesMax },
    parts: {},
    payloadBytesMax,
    codec: hashBrachaCodec(payloadBytesMax),
    create: (params, effects) => new HashBrachaRbc(params, effects, { sha256, payloadBytesMax, accepts }),
  }
}

class HashBrachaRbc implements Protocol<Uint8Array, HashBrachaMessage> {
  readonly #params: RbcParams
  readonly #effects: Effects<HashBrachaMessage, Delivery>
  readonly #options: Required<HashBrachaRbcOptions>
  readonly #digests = new DigestTable()
  /** By the number of a digest; one vote per member and kind. */
  readonly #echoes: VoteSet<number>
  readonly #readies: VoteSet<number>
  /** Whom we have asked for the payload, and who has answered. */
  readonly #asked: PeerSet
  readonly #answers: PeerSet
  /** Who has asked us. */
  readonly #pullers: PeerSet
  /** The payload of the first SEND, and the number of its digest. */
  #sent: { readonly payload: Uint8Array; readonly digest: number } | undefined
  /** The number of the digest that 2f + 1 members are ready for. */
  #agreed: number | undefined
  #proposed = false
  #echoSent = false
  #readySent = false
  #delivered = false

  constructor(
    params: RbcParams,
    effects: Effects<HashBrachaMessage, Delivery>,
    options: Required<HashBrachaRbcOptions>,
  ) {
    const { n } = params.committee
    this.#params = params
    this.#effects = effects
    this.#options = options
    this.#echoes = new VoteSet(n)
    this.#readies = new VoteSet(n)
    this.#asked = new PeerSet(n)
    this.#answers = new PeerSet(n)
    this.#pullers = new PeerSet(n)
  }

  // H1: upon input m at the proposer: broadcast SEND(m)
  handleInput(payload: Uint8Array): void {
    const { payloadBytesMax } = this.#options
    checkProposal(this.#params, payload, { payloadBytesMax, proposed: this.#proposed })
    this.#proposed = true
    this.#effects.broadcast({ type: 'send', payload })
  }

  handleMessage(from: PeerIndex, message: HashBrachaMessage): void {
    switch (message.type) {
      case 'send':
        this.#onSend(from, message.payload)
        break
      case 'echo':
        this.#onEcho(from, message.digest)
        break
      case 'ready':
        this.#onReady(from, message.digest)
        break
      case 'pull':
        this.#onPull(from)
        break
      case 'body':
        this.#onBody(from, message.payload)
        break
      default:
        unreachable(message)
    }
  }

  // H2: upon the first SEND(m) from the proposer, if m is accepted: broadcast ECHO(H(m))
  #onSend(from: PeerIndex, payload: Uint8Array): void {
    const { sha256, accepts } = this.#options
    if (from !== this.#params.proposer) {
      this.#blame('rbc/not-the-proposer', from, `SEND in the broadcast of ${this.#params.proposer}`)
    } else if (this.#sent !== undefined) {
      this.#checkSecondSend(from, payload, this.#sent.payload)
    } else {
      this.#sent = { payload, digest: this.#digests.numberOf(sha256(payload)) }
      if (accepts(payload, this.#params)) this.#sendEcho(this.#sent.digest)
      else this.#blame('rbc/refused-payload', from, `SEND of ${payload.length} bytes`)
      this.#tryDeliver()
    }
  }

  #checkSecondSend(from: PeerIndex, payload: Uint8Array, sent: Uint8Array): void {
    if (equalBytes(sent, payload)) return
    this.#blame(
      'rbc/conflicting-send',
      from,
      `SEND of ${payload.length} bytes, earlier one of ${sent.length}`,
    )
  }

  // H3: upon n − f ECHO(h): broadcast READY(h)
  #onEcho(from: PeerIndex, hash: Uint8Array): void {
    const digest = this.#vote(this.#echoes, 'rbc/conflicting-echo', from, hash)
    if (digest === undefined) return
    if (this.#echoes.count(digest) >= nMinusF(this.#params.committee)) this.#sendReady(digest)
    this.#tryDeliver()
  }

  // H4: upon f + 1 READY(h): broadcast READY(h)
  #onReady(from: PeerIndex, hash: Uint8Array): void {
    const digest = this.#vote(this.#readies, 'rbc/conflicting-ready', from, hash)
    if (digest === undefined) return
    const count = this.#readies.count(digest)
    // At least one of f + 1 is correct, so some correct member saw n − f ECHOs of it.
    if (count >= fPlus1(this.#params.committee)) this.#sendReady(digest)
    if (count >= twoFPlus1(this.#params.committee)) this.#agreed = digest
    this.#tryDeliver()
  }

  // H5: upon 2f + 1 READY(h) with the payload of h at hand: deliver it; without it: ask f + 1 members that echoed h
  #tryDeliver(): void {
    if (this.#delivered || this.#agreed === undefined) return
    if (this.#sent?.digest === this.#agreed) this.#deliver(this.#sent.payload)
    else this.#pull(this.#agreed)
  }

  #pull(digest: number): void {
    for (const peer of this.#params.committee.peers) {
      if (this.#asked.size >= fPlus1(this.#params.committee)) return
      if (this.#echoes.of(peer) !== digest || !this.#asked.add(peer)) continue
      this.#effects.send(peer, { type: 'pull' })
    }
  }

  // H6: upon the first PULL of a member, with the payload that we echoed: send it, once
  #onPull(from: PeerIndex): void {
    if (this.#sent === undefined || !this.#echoSent || !this.#pullers.add(from)) return
    this.#effects.send(from, { type: 'body', payload: this.#sent.payload })
  }

  // H7: upon BODY(m) from a member that we asked, with H(m) = h: deliver m
  #onBody(from: PeerIndex, payload: Uint8Array): void {
    if (!this.#asked.has(from)) {
      this.#blame('rbc/unasked-body', from, `BODY of ${payload.length} bytes`)
      return
    }
    if (this.#delivered || this.#agreed === undefined || !this.#answers.add(from)) return
    if (equalBytes(this.#options.sha256(payload), this.#digests.at(this.#agreed))) this.#deliver(payload)
    else
      this.#blame(
        'rbc/bad-body',
        from,
        `BODY of ${payload.length} bytes, not ${this.#digests.short(this.#agreed)}`,
      )
  }

  #deliver(payload: Uint8Array): void {
    this.#delivered = true
    this.#effects.output(payload)
  }

  /** The number of the digest if this is the member's first vote of its kind. */
  #vote(votes: VoteSet<number>, rule: string, from: PeerIndex, hash: Uint8Array): number | undefined {
    const earlier = votes.of(from)
    if (earlier === undefined) {
      const digest = this.#digests.numberOf(hash)
      votes.add(from, digest)
      return digest
    }
    if (!this.#digests.is(earlier, hash)) {
      this.#blame(rule, from, `${shortHex(hash)}, earlier ${this.#digests.short(earlier)}`)
    }
    return undefined
  }

  #sendEcho(digest: number): void {
    this.#echoSent = true
    this.#effects.broadcast({ type: 'echo', digest: this.#digests.at(digest) })
  }

  #sendReady(digest: number): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', digest: this.#digests.at(digest) })
  }

  #blame(rule: string, peer: PeerIndex, detail: string): void {
    this.#effects.fault({ rule, peer, detail })
  }
}
