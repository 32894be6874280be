/**
 * Reliable broadcast by erasure code: the payload crosses each link in parts, not as a whole.
 *
 * Why it agrees: two sets of n − f ECHOs share a correct member, so at most one root gets its first correct READY by ECHOs, and
 * what a root stands for is a function of the root alone, because what was decoded is encoded again and compared with it. Why
 * it is total: whoever delivers saw f + 1 correct READYs, which make every correct member ready; and the first of these stands
 * on n − f ECHOs, n − 2f = k of them correct, so k shards reach everybody.
 */
import {
  type CommittedShard,
  type Kernel,
  merkleCommitment,
  type PayloadCoding,
  type ShardCommitment,
  type ShardsUnderRoot,
} from '@mc/avid'
import type { Sha256 } from '@mc/crypto'
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
import { BAD, type Delivery, type Rbc, type RbcParams } from '../rbc.js'
import { type CtMessage, ctCodec } from './messages.js'

/** What the erasure-coded broadcast is made of. */
export interface CtRbcOptions {
  readonly sha256: Sha256
  /** The largest payload, in bytes; 16 MiB unless said otherwise. All members must share it. */
  readonly payloadBytesMax?: number
  /** The inner loop of the erasure code; by default the fastest of this platform. It changes no byte. */
  readonly kernel?: Kernel
  /** What commits to the shards; Merkle trees by default. Its cap is the payload's, and all members must share it. */
  readonly commitment?: ShardCommitment
  /**
   * Whether members say when they can decode, and are then sent no further shards; false by default. All members must share it.
   *
   * Spares about one shard in n, that of the proposer, where all echo at once, and most where some come late. Up to n² more short
   * messages.
   */
  readonly spareEchoes?: boolean
}

/**
 * CT-RBC: Cachin and Tessaro's broadcast in the form that HoneyBadger uses. The default.
 *
 * Guarantees what `Rbc` promises, for n ≥ 3f + 1, n ≤ 255 and a collision-resistant hash, against an adaptive adversary.
 * A proposer that commits to something else than a payload makes everybody deliver `BAD`, or nobody deliver at all.
 *
 * Costs: 3 steps, n + 2n² messages, about n²/(n − 2f) · payload bytes, one hash of a shard per member and kind of message: a
 * peer's first VAL and first ECHO are its only ones, good or not, so junk buys no more work than that.
 * Keeps at most one shard per member as a view into the frame it came in, and none once the root is decoded.
 * Faults reported: `rbc/not-the-proposer`, `rbc/bad-proof`, `rbc/bad-encoding`, `rbc/conflicting-val`, `rbc/conflicting-echo`,
 * `rbc/conflicting-ready`.
 *
 * With `spareEchoes` also `rbc/conflicting-candecode`.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^31 − 1, and the cap of `commitment` if one is given; `create` does if the committee is over 255.
 * @see Cachin, Tessaro: Asynchronous verifiable information dispersal, SRDS 2005; Miller et al.: HoneyBadger, CCS 2016, fig. 2
 */
export function ctRbc({
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  spareEchoes = false,
  commitment: given,
  ...coding
}: CtRbcOptions): Rbc<CtMessage> {
  checkPayloadBytesMax(payloadBytesMax)
  const commitment = given ?? merkleCommitment({ sha256, payloadBytesMax, ...coding })
  if (commitment.payloadBytesMax !== payloadBytesMax) {
    throw new RangeError(
      `rbc/ct: the commitment takes ${commitment.payloadBytesMax} bytes, not ${payloadBytesMax}`,
    )
  }
  return {
    role: 'rbc',
    name: 'rbc/ct',
    wireVersion: 1,
    parameters: { payloadBytesMax, ...(spareEchoes && { spareEchoes }) },
    parts: { commitment },
    payloadBytesMax,
    codec: ctCodec(commitment, spareEchoes),
    create: (params, effects) => new CtRbc(params, effects, commitment, spareEchoes),
  }
}

/** What is known of one root. */
interface Root {
  /** The number of its digest. */
  readonly number: number
  /** What its proofs have shown so far; undefined until a shard under it comes, and once nothing more has to be shown. */
  proofs: ShardsUnderRoot | undefined
  /** Verified shards by the member that echoed them; none once it is decoded. */
  shards: (Uint8Array | undefined)[]
  shardCount: number
  /** Members that have echoed it, with a verified shard or without. */
  echoCount: number
  /** What it stands for, once that was worked out. */
  content: Delivery | undefined
}

/** A second word under another root. */
const CONFLICTING = {
  val: 'rbc/conflicting-val',
  echo: 'rbc/conflicting-echo',
  echohash: 'rbc/conflicting-echo',
  ready: 'rbc/conflicting-ready',
  candecode: 'rbc/conflicting-candecode',
} as const

class CtRbc implements Protocol<Uint8Array, CtMessage> {
  readonly #params: RbcParams
  readonly #effects: Effects<CtMessage, Delivery>
  readonly #payloadBytesMax: number
  readonly #coding: PayloadCoding
  readonly #digests = new DigestTable()
  /** By the number of a digest. */
  readonly #roots: Root[] = []
  /** The root of the first VAL. */
  #valRoot: number | undefined
  /** The shard that we verified and echoed. */
  #ownShard: Uint8Array | undefined
  /** The root of each member's first ECHO, whether its proof held or not. */
  readonly #echoes: VoteSet<number>
  readonly #readies: VoteSet<number>
  /** The root of which each member says that it can decode it. */
  readonly #ableTo: VoteSet<number>
  readonly #spareEchoes: boolean
  /** The root of which we have said so. */
  #announced: number | undefined
  #proposed = false
  #readySent = false
  #delivered = false

  constructor(
    params: RbcParams,
    effects: Effects<CtMessage, Delivery>,
    commitment: ShardCommitment,
    spareEchoes: boolean,
  ) {
    this.#params = params
    this.#effects = effects
    this.#payloadBytesMax = commitment.payloadBytesMax
    this.#coding = commitment.among(params.committee)
    this.#echoes = new VoteSet(params.committee.n)
    this.#readies = new VoteSet(params.committee.n)
    this.#ableTo = new VoteSet(params.committee.n)
    this.#spareEchoes = spareEchoes
  }

  // 1: upon input M at the proposer: encode; send VAL(root, shard_i, proof_i) to each member i
  handleInput(payload: Uint8Array): void {
    checkProposal(this.#params, payload, { payloadBytesMax: this.#payloadBytesMax, proposed: this.#proposed })
    this.#proposed = true
    const encoded = this.#coding.encode(payload)
    // What we encoded ourselves need not be decoded.
    const root = this.#rootOf(encoded.root)
    root.content = payload
    this.#announce(root)
    for (const to of this.#params.committee.peers) {
      this.#effects.send(to, { type: 'val', ...encoded.shardOf(to) })
    }
  }

  handleMessage(from: PeerIndex, message: CtMessage): void {
    switch (message.type) {
      case 'val':
        this.#onVal(from, message)
        break
      case 'echo':
        this.#onEcho(from, message)
        break
      case 'ready':
        this.#onReady(from, message.root)
        break
      case 'candecode':
        this.#onCanDecode(from, message.root)
        break
      case 'echohash':
        this.#onEchoHash(from, message.root)
        break
      default:
        unreachable(message)
    }
  }

  // 2: upon the first VAL, if it is from the proposer and carries our shard: broadcast ECHO with our shard
  #onVal(from: PeerIndex, { root, shard, proof }: CommittedShard): void {
    if (from !== this.#params.proposer) {
      const detail = `VAL in the broadcast of ${this.#params.proposer}`
      this.#effects.fault({ rule: 'rbc/not-the-proposer', peer: from, detail })
      return
    }
    if (this.#valRoot !== undefined) {
      this.#checkSame('val', from, root, this.#valRoot)
      return
    }
    const ours = this.#rootOf(root)
    this.#valRoot = ours.number
    if (!this.#verify('VAL', from, this.#params.committee.self, ours, { shard, proof })) return
    if (!this.#delivered) this.#ownShard = shard
    this.#sendEcho({ root, shard, proof })
  }

  // S2: to whoever said CANDECODE(root): ECHOHASH(root) in place of the ECHO
  #sendEcho(own: CommittedShard): void {
    const number = this.#valRoot as number
    if (this.#ableTo.count(number) === 0) {
      this.#effects.broadcast({ type: 'echo', ...own })
      return
    }
    for (const to of this.#params.committee.peers) {
      const isAble = this.#ableTo.of(to) === number
      this.#effects.send(to, isAble ? { type: 'echohash', root: own.root } : { type: 'echo', ...own })
    }
  }

  // 3: upon n − f valid ECHO(root) from distinct members: decode, encode again; broadcast READY(root) if it is the same root
  #onEcho(from: PeerIndex, echo: CommittedShard): void {
    const earlier = this.#echoes.of(from)
    if (earlier !== undefined) {
      this.#checkSame('echo', from, echo.root, earlier)
      return
    }
    const root = this.#rootOf(echo.root)
    this.#echoes.add(from, root.number)
    if (!this.#needsShardsOf(root)) return
    if (!this.#isOurs(from, echo) && !this.#verify('ECHO', from, from, root, echo)) return
    this.#keepShard(root, from, echo.shard)
    root.echoCount += 1
    if (root.shardCount >= this.#coding.k) this.#announce(root)
    this.#tryReady(root)
    this.#tryDeliver(root)
  }

  // S3: an ECHOHASH(root) counts as an ECHO(root) for rule 3, and brings no shard
  #onEchoHash(from: PeerIndex, digest: Uint8Array): void {
    const earlier = this.#echoes.of(from)
    if (earlier !== undefined) {
      this.#checkSame('echohash', from, digest, earlier)
      return
    }
    const root = this.#rootOf(digest)
    this.#echoes.add(from, root.number)
    root.echoCount += 1
    this.#tryReady(root)
  }

  #tryReady(root: Root): void {
    if (this.#readySent || this.#delivered || root.echoCount < nMinusF(this.#params.committee)) return
    if (root.content === undefined && root.shardCount < this.#coding.k) return
    if (this.#contentOf(root) !== BAD) this.#sendReady(root)
  }

  // S1: with k valid ECHO(root), or as the proposer: CANDECODE(root) to everybody whose ECHO has not come
  #announce(root: Root): void {
    if (!this.#spareEchoes || this.#announced !== undefined) return
    this.#announced = root.number
    for (const to of this.#params.committee.peers) {
      if (to === this.#params.committee.self || this.#echoes.of(to) !== undefined) continue
      this.#effects.send(to, { type: 'candecode', root: this.#digests.at(root.number) })
    }
  }

  #onCanDecode(from: PeerIndex, digest: Uint8Array): void {
    const earlier = this.#ableTo.of(from)
    if (earlier === undefined) this.#ableTo.add(from, this.#rootOf(digest).number)
    else this.#checkSame('candecode', from, digest, earlier)
  }

  // 4: upon f + 1 READY(root): broadcast READY(root)
  #onReady(from: PeerIndex, digest: Uint8Array): void {
    const earlier = this.#readies.of(from)
    if (earlier !== undefined) {
      this.#checkSame('ready', from, digest, earlier)
      return
    }
    const root = this.#rootOf(digest)
    this.#readies.add(from, root.number)
    // At least one of f + 1 is correct, so some correct member decoded this root.
    if (this.#readies.count(root.number) >= fPlus1(this.#params.committee)) this.#sendReady(root)
    this.#tryDeliver(root)
  }

  #sendReady({ number }: Root): void {
    if (this.#readySent) return
    this.#readySent = true
    this.#effects.broadcast({ type: 'ready', root: this.#digests.at(number) })
  }

  // 5: upon 2f + 1 READY(root) and k valid ECHO(root): decode, encode again; deliver M, or BAD if it is another root
  #tryDeliver(root: Root): void {
    if (this.#delivered || this.#readies.count(root.number) < twoFPlus1(this.#params.committee)) return
    if (root.content === undefined && root.shardCount < this.#coding.k) return
    this.#delivered = true
    const content = this.#contentOf(root)
    this.#release()
    this.#effects.output(content)
  }

  /** What a root stands for; worked out once, from whichever shards are here. */
  #contentOf(root: Root): Delivery {
    if (root.content !== undefined) return root.content
    root.content = this.#proofsOf(root).decode(root.shards)
    root.shards = []
    if (root.content === BAD) {
      // Of k = n − 2f ≥ f + 1 members that echoed it one is correct, and had its shard from the proposer.
      const detail = `${this.#digests.short(root.number)} commits to no payload`
      this.#effects.fault({ rule: 'rbc/bad-encoding', peer: this.#params.proposer, detail })
    }
    return root.content
  }

  /** Whether another shard could still make a difference: neither rule 3 nor rule 5 waits for more of a decoded root. */
  #needsShardsOf(root: Root): boolean {
    return !this.#delivered && !(this.#readySent && root.content !== undefined)
  }

  /** Whether this is our own ECHO coming back, which repeats the VAL that we verified. */
  #isOurs(from: PeerIndex, { shard }: CommittedShard): boolean {
    return from === this.#params.committee.self && shard === this.#ownShard
  }

  #keepShard(root: Root, from: PeerIndex, shard: Uint8Array): void {
    root.shardCount += 1
    if (root.content !== undefined) return
    if (root.shards.length === 0) root.shards = new Array(this.#params.committee.n).fill(undefined)
    root.shards[from] = shard
  }

  #verify(
    kind: string,
    from: PeerIndex,
    index: PeerIndex,
    root: Root,
    shard: Pick<CommittedShard, 'shard' | 'proof'>,
  ): boolean {
    if (this.#proofsOf(root).verify(index, shard)) return true
    const detail = `${kind} under ${this.#digests.short(root.number)}: not shard ${index}`
    this.#effects.fault({ rule: 'rbc/bad-proof', peer: from, detail })
    return false
  }

  #proofsOf(root: Root): ShardsUnderRoot {
    root.proofs ??= this.#coding.under(this.#digests.at(root.number))
    return root.proofs
  }

  #checkSame(kind: CtMessage['type'], from: PeerIndex, root: Uint8Array, earlier: number): void {
    if (this.#digests.is(earlier, root)) return
    const detail = `${kind.toUpperCase()} ${shortHex(root)}, earlier ${this.#digests.short(earlier)}`
    this.#effects.fault({ rule: CONFLICTING[kind], peer: from, detail })
  }

  #rootOf(digest: Uint8Array): Root {
    const number = this.#digests.numberOf(digest)
    this.#roots[number] ??= {
      number,
      proofs: undefined,
      shards: [],
      shardCount: 0,
      echoCount: 0,
      content: undefined,
    }
    return this.#roots[number]
  }

  /** Nothing here will be decoded or delivered again. */
  #release(): void {
    this.#ownShard = undefined
    for (const root of this.#roots) {
      root.proofs = undefined
      root.shards = []
      root.content = undefined
    }
  }
}
