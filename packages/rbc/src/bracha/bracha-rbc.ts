/**
 * Bracha's reliable broadcast. The proposer sends its payload, everybody echoes it, and everybody is ready for a digest that
 * enough members echoed or enough members are ready for.
 *
 * Why it agrees: two sets of n − f ECHOs share a correct member, so at most one digest gets its first correct READY by ECHOs,
 * and READYs by READYs only follow it. Why it is total: whoever delivers saw f + 1 correct READYs, which make every correct
 * member ready; and n − 2f ≥ f + 1 correct members echoed the body, so it reaches everybody without being asked for.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import {
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  twoFPlus1,
  unreachable,
  VoteSet,
} from '@mc/protocol'
import { DigestTable, shortHex } from '../digest-table.js'
import { checkPayloadBytesMax, checkProposal, PAYLOAD_BYTES_MAX } from '../proposal.js'
import type { Delivery, Rbc, RbcParams } from '../rbc.js'
import { type BrachaMessage, brachaCodec } from './messages.js'

/** What Bracha's broadcast is made of. */
export interface BrachaRbcOptions {
  readonly sha256: Sha256
  /** The largest payload, in bytes; 16 MiB unless said otherwise. All members must share it. */
  readonly payloadBytesMax?: number
}

/**
 * Bracha's reliable broadcast: no code, no trees; the payload crosses every link.
 *
 * Guarantees what `Rbc` promises, for n ≥ 3f + 1 and a collision-resistant hash, against an adaptive adversary.
 * It never delivers `BAD`: every payload is a payload. A body that is missing when the READYs are complete arrives by ECHOs.
 *
 * Costs: 3 steps, n + 2n² messages, n² · payload bytes. Keeps at most one body per member, and none after delivery.
 * Faults reported: `rbc/not-the-proposer`, `rbc/conflicting-send`, `rbc/conflicting-echo`, `rbc/conflicting-ready`.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^31 − 1.
 * @see Bracha: Asynchronous Byzantine agreement protocols, Information and Computation 75, 1987, section 3
 */
export function brachaRbc({
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
}: BrachaRbcOptions): Rbc<BrachaMessage> {
  checkPayloadBytesMax(payloadBytesMax)
  return {
    role: 'rbc',
    name: 'rbc/bracha',
    wireVersion: 1,
    parameters: { payloadBytesMax },
    parts: {},
    payloadBytesMax,
    codec: brachaCodec(payloadBytesMax),
    create: (params, effects) => new BrachaRbc(params, effects, { sha256, payloadBytesMax }),
  }
}

class BrachaRbc implements Protocol<Uint8Array, BrachaMessage> {
  readonly #params: RbcParams
  readonly #effects: Effects<BrachaMessage, Delivery>
  readonly #options: Required<BrachaRbcOptions>
  readonly #digests = new DigestTable()
  /** By the number of a digest; one vote per member and kind. */
  readonly #echoes: VoteSet<number>
  readonly #readies: VoteSet<number>
  /** By the number of its digest; members that echo the same share one. */
  #bodies: (Uint8Array | undefined)[] = []
  /** The body of the last ECHO: most likely the next one is the same, and comparing is cheaper than hashing. */
  #lastEchoed: number | undefined
  /** The payload of the first SEND. */
  #sent: Uint8Array | undefined
  #proposed = false
  #echoSent = false
  #readySent = false
  #delivered = false

  constructor(
    params: RbcParams,
    effects: Effects<BrachaMessage, Delivery>,
    options: Required<BrachaRbcOptions>,
  ) {
    this.#params = params
    this.#effects = effects
    this.#options = options
    this.#echoes = new VoteSet(params.committee.n)
    this.#readies = new VoteSet(params.committee.n)
  }

  // 1: upon input m at the proposer: broadcast SEND(m)
  handleInput(payload: Uint8Array): void {
    const { payloadBytesMax } = this.#options
    checkProposal(this.#params, payload, { payloadBytesMax, proposed: this.#proposed })
    this.#proposed = true
    this.#effects.broadcast({ type: 'send', payload })
  }

  handleMessage(from: PeerIndex, message: BrachaMessage): void {
    switch (message.type) {
      case 'send':
        this.#onSend(from, message.payload)
        break
      case 'echo':
        this.#onEcho(from, message.payload)
        break
      case 'ready':
        this.#onReady(from, message.digest)
        break
      default:
        unreachable(message)
    }
  }

  // 2: upon the first SEND(m) from the proposer: broadcast ECHO(m)
  #onSend(from: PeerIndex, payload: Uint8Array): void {
    if (from !== this.#params.proposer) {
      const detail = `SEND in the broadcast of ${this.#params.proposer}`
      this.#effects.fault({ rule: 'rbc/not-the-proposer', peer: from, detail })
    } else if (this.#echoSent) {
      this.#checkSecondSend(from, payload)
    } else {
      this.#echoSent = true
      if (!this.#delivered) this.#sent = payload
      this.#effects.broadcast({ type: 'echo', payload })
    }
  }

  #checkSecondSend(from: PeerIndex, payload: Uint8Array): void {
    const sent = this.#sent
    if (sent === undefined || equalBytes(sent, payload)) return
    const detail = `SEND of ${payload.length} bytes, earlier one of ${sent.length}`
    this.#effects.fault({ rule: 'rbc/conflicting-send', peer: from, detail })
  }

  // 3: upon the first ECHO(m) from a peer: h := H(m), keep m as the body of h
  //    upon n − f ECHO(m): broadcast READY(h)
  #onEcho(from: PeerIndex, payload: Uint8Array): void {
    if (this.#delivered) return
    const earlier = this.#echoes.of(from)
    if (earlier !== undefined) {
      this.#checkSecondEcho(from, payload, earlier)
      return
    }
    const digest = this.#keepBody(payload)
    this.#echoes.add(from, digest)
    if (this.#echoes.count(digest) >= nMinusF(this.#params.committee)) this.#sendReady(digest)
    this.#tryDeliver(digest)
  }

  #checkSecondEcho(from: PeerIndex, payload: Uint8Array, earlier: number): void {
    const body = this.#bodies[earlier] as Uint8Array
    if (equalBytes(body, payload)) return
    const detail = `ECHO of ${payload.length} bytes, earlier ${this.#digests.short(earlier)}`
    this.#effects.fault({ rule: 'rbc/conflicting-echo', peer: from, detail })
  }

  /** The number of H(payload), computed here: what a peer says about a payload is not evidence. */
  #keepBody(payload: Uint8Array): number {
    const last = this.#lastEchoed
    if (last !== undefined && equalBytes(this.#bodies[last] as Uint8Array, payload)) return last
    const digest = this.#digests.numberOf(this.#options.sha256(payload))
    this.#bodies[digest] ??= payload
    this.#lastEchoed = digest
    return digest
  }

  // 4: upon f + 1 READY(h): broadcast READY(h)
  #onReady(from: PeerIndex, hash: Uint8Array): void {
    const earlier = this.#readies.of(from)
    if (earlier !== undefined) {
      this.#checkSecondReady(from, hash, earlier)
      return
    }
    const digest = this.#digests.numberOf(hash)
    this.#readies.add(from, digest)
    // At least one of f + 1 is correct, so some correct member saw n − f ECHOs of it.
    if (this.#readies.count(digest) >= fPlus1(this.#params.committee)) this.#sendReady(digest)
    this.#tryDeliver(digest)
  }

  #checkSecondReady(from: PeerIndex, hash: Uint8Array, earlier: number): void {
    if (this.#digests.is(earlier, hash)) return
    const detail = `READY ${shortHex(hash)}, earlier ${this.#digests.short(earlier)}`
    this.#effects.fault({ rule: 'rbc/conflicting-ready', peer: from, detail })
  }

  #sendReady(digest: number): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', digest: this.#digests.at(digest) })
  }

  // 5: upon 2f + 1 READY(h) with the body of h at hand: deliver it
  #tryDeliver(digest: number): void {
    if (this.#delivered || this.#readies.count(digest) < twoFPlus1(this.#params.committee)) return
    const body = this.#bodies[digest]
    if (body === undefined) return
    this.#delivered = true
    this.#release()
    this.#effects.output(body)
  }

  /** Nothing here will be compared or delivered again. */
  #release(): void {
    this.#bodies = []
    this.#lastEchoed = undefined
    this.#sent = undefined
  }
}
