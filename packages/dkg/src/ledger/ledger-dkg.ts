/**
 * Key generation over an ordered log that exists already: a deterministic machine that reads what the log says.
 *
 * Each member puts a dealing of a random secret on the log, as a symmetric polynomial in two variables: commitments for all,
 * and for each member its row in a box. Whoever finds its row good says so in an acknowledgement, which holds for each member
 * the point that both rows have in common. A dealing with 2f + 1 acknowledgements is complete: f + 1 of them are correct, so
 * every correct member has its row or the f + 1 points that make up for it, also if the dealer gave it none. Once enough
 * dealings are complete, the key is the sum of their secrets.
 *
 * Why all agree: which dealings are complete, and in which order, is a function of the log. Why it is secret: among the
 * dealers there is a correct one; of its polynomial f members see f rows, and the acknowledgements of others give them nothing
 * but points of those rows.
 */
import { commitBivariate, encodeElements, SymmetricBivariate, verifyRows } from '@mc/crypto/dkg'
import { type Effects, fPlus1, type PeerIndex, type Protocol, type ProtocolDefinition } from '@mc/protocol'
import { nothing, Writer } from '@mc/protocol/wire'
import type { GeneratedKey, KeyGenerationOptions, KeyGenerationParams } from '../key-generation.js'
import { decodeScalars, encodeScalars, sumOfScalars } from '../scalars.js'
import { boxContext, memberSessionOf } from '../session.js'
import { Dealing } from './dealing.js'
import {
  ACKNOWLEDGED_MAX,
  type AcknowledgementOperation,
  boxAt,
  type DealingOperation,
  type KeyOperation,
  operationSizes,
} from './operations.js'
import { type BrokenRule, type DealingsNeeded, Transcript } from './transcript.js'

/** What `ledgerDkg` is made from. */
export interface LedgerDkgOptions<Element> extends KeyGenerationOptions<Element> {
  /** 'n − f' by default. All members must share it. */
  readonly dealings?: DealingsNeeded
}

/** An operation of the log, and the member that it certainly comes from. */
export interface AuthoredOperation {
  readonly author: PeerIndex
  readonly bytes: Uint8Array
}

/** What the machine is told. */
export type LedgerDkgInput =
  /** Take part: deal. After a restart only once the log has been read again. */
  | { readonly type: 'generate' }
  /** The next operations of the log, in its order; the more at once, the cheaper their verification. */
  | { readonly type: 'ordered'; readonly operations: readonly AuthoredOperation[] }

/** What the machine says. */
export type LedgerDkgOutput =
  /** To be put on the log, under our name, as long as the log does not hold it. */
  | { readonly type: 'submit'; readonly operation: Uint8Array }
  /** The key is there. Said once; nothing that the log says later changes it. */
  | { readonly type: 'key'; readonly key: GeneratedKey }

/** A key generation that is fed by a log; it sends nothing itself. */
export interface LedgerDkg
  extends ProtocolDefinition<KeyGenerationParams, LedgerDkgInput, never, LedgerDkgOutput> {
  readonly role: 'ledger-dkg'
  /** The largest operation among so many members, in bytes. */
  operationBytesMax(params: Pick<KeyGenerationParams, 'committee'>): number
}

/**
 * Key generation over a log.
 *
 * Guarantees what `KeyGeneration` promises, if the log is the same at all correct members and every operation of a correct
 * member gets in. The public key can be biased by whoever deals last, which neither a coin nor encryption minds.
 *
 * A member that restarts reads the log again and has its share again; its box key is all that it needs.
 * Costs: 2n operations; each member makes 2n + n(threshold) exponentiations and verifies all dealings of a batch by one
 * multi-scalar multiplication over n(f + 1)(f + 2) / 2 elements. State: one commitment and one row per dealer.
 *
 * Faults reported, the same at every member: `dkg/other-session`, `dkg/undecodable-operation`, `dkg/invalid-commitment`,
 * `dkg/second-dealing`, `dkg/unknown-dealing`; only where it is seen: `dkg/bad-row`, `dkg/bad-value`.
 * `handleInput` throws a RangeError on a second 'generate'. `create` throws a RangeError if box keys do not fit.
 *
 * @see the construction is that of hbbft's SyncKeyGen, as mapped in PAPER.md
 */
export function ledgerDkg<Element>(options: LedgerDkgOptions<Element>): LedgerDkg {
  const { group, boxes, dealings = 'n − f' } = options
  return {
    role: 'ledger-dkg',
    name: 'dkg/ledger',
    wireVersion: 1,
    parameters: { group: group.name, boxes: boxes.name, dealings },
    parts: {},
    codec: () => nothing,
    operationBytesMax: ({ committee }) => operationSizes(committee, group, boxes).operationBytesMax,
    create: (params, effects) => new LedgerDkgMember({ ...options, dealings }, params, effects),
  }
}

class LedgerDkgMember<Element> implements Protocol<LedgerDkgInput, never> {
  readonly #options: Required<LedgerDkgOptions<Element>>
  readonly #params: KeyGenerationParams
  readonly #effects: Effects<never, LedgerDkgOutput>
  readonly #session: Uint8Array
  readonly #transcript: Transcript<Element>
  readonly #threshold: number
  /** What we hold of dealings that can be used, by dealer. */
  readonly #dealings: (Dealing<Element> | undefined)[]
  /** Dealings whose row is opened but not verified yet. */
  #opened: { readonly dealing: Dealing<Element>; readonly row: readonly bigint[] }[] = []
  /** Dealings whose row is good and not acknowledged yet. */
  #good: Dealing<Element>[] = []
  #generating = false
  #done = false

  constructor(
    options: Required<LedgerDkgOptions<Element>>,
    params: KeyGenerationParams,
    effects: Effects<never, LedgerDkgOutput>,
  ) {
    this.#options = options
    this.#params = params
    this.#effects = effects
    const { committee } = params
    this.#session = memberSessionOf('ledger', options, params)
    this.#transcript = new Transcript({ ...options, committee, session: this.#session })
    this.#threshold = fPlus1(committee)
    this.#dealings = committee.peers.map(() => undefined)
  }

  handleInput(input: LedgerDkgInput): void {
    if (input.type === 'generate') this.#generate()
    else this.#read(input.operations)
  }

  handleMessage(): void {
    // There are no messages: all that members say to each other is on the log.
  }

  // 1: upon generate: submit a dealing of a random secret, unless the log holds ours
  #generate(): void {
    if (this.#generating) throw new RangeError('dkg: this key is being generated already')
    this.#generating = true
    const { self } = this.#params.committee
    if (this.#transcript.keys === undefined && !this.#transcript.hasDealt(self)) this.#deal()
    this.#acknowledge()
  }

  #deal(): void {
    const { committee, boxKeys } = this.#params
    const { group, rng, boxes } = this.#options
    const polynomial = new SymmetricBivariate({ threshold: this.#threshold, order: group.order, rng })
    const commitment = encodeElements(group, commitBivariate(group, polynomial))
    const { ephemeral, boxes: rows } = boxes.seal({
      recipients: boxKeys,
      messages: committee.peers.map(member => encodeScalars(group, polynomial.row(member))),
      context: this.#rowContext(committee.self, commitment),
      rng,
    })
    this.#submit({ type: 'dealing', commitment, ephemeral, rows: concatenated(rows) })
  }

  #read(operations: readonly AuthoredOperation[]): void {
    for (const { author, bytes } of operations) {
      if (this.#done) return
      const operation = this.#transcript.decode(bytes)
      if ('rule' in operation) this.#fault(author, operation)
      else if (operation.type === 'dealing') this.#onDealing(author, operation, bytes)
      else this.#onAcknowledgement(author, operation)
    }
    this.#verifyOpened()
    this.#acknowledge()
  }

  // 2: upon the first dealing of a dealer: open our row; it is verified together with those of its batch
  #onDealing(dealer: PeerIndex, operation: DealingOperation, bytes: Uint8Array): void {
    const seen = this.#transcript.deal(dealer, operation, bytes)
    if (seen === undefined) return
    if ('rule' in seen) {
      this.#fault(dealer, seen)
      return
    }
    const { group, boxes, boxSecretKey } = this.#options
    const { self } = this.#params.committee
    const dealing = new Dealing(seen, self, this.#threshold)
    this.#dealings[dealer] = dealing
    const { commitment, ephemeral, rows } = operation
    const box = boxAt(rows, self, this.#transcript.sizes.rowBoxBytes)
    const context = this.#rowContext(dealer, commitment)
    const opened = boxes.open({ ephemeral, box, context }, boxSecretKey)
    const row = opened && decodeScalars(group, opened, this.#threshold)
    if (row === undefined) this.#fault(dealer, { rule: 'dkg/bad-row', detail: 'our row does not open' })
    else this.#opened.push({ dealing, row })
  }

  /** All rows at once; only if that fails one by one, to learn who lied. */
  #verifyOpened(): void {
    const opened = this.#opened
    if (opened.length === 0) return
    this.#opened = []
    const { self } = this.#params.committee
    const claims = opened.map(({ dealing, row }) => ({
      commitment: dealing.seen.commitment,
      member: self,
      row,
    }))
    const allGood = verifyRows(this.#options, claims)
    opened.forEach(({ dealing, row }, at) => {
      if (allGood || verifyRows(this.#options, claims.slice(at, at + 1))) {
        dealing.acceptRow(row)
        this.#good.push(dealing)
      } else {
        const detail = 'our row is not the one that it is committed to'
        this.#fault(dealing.seen.dealer, { rule: 'dkg/bad-row', detail })
      }
    })
  }

  // 3: rows are good: acknowledge them, with the point F(i + 1, j + 1) for each member j in a box
  #acknowledge(): void {
    if (!this.#generating) return
    // What is complete needs nobody any more, and what the log holds of ours we had said before a restart.
    const good = this.#good
      .filter(({ seen }) => this.#transcript.keys === undefined && !this.#transcript.complete.includes(seen))
      .filter(({ seen }) => !seen.acknowledgers.has(this.#params.committee.self))
      .sort((a, b) => a.seen.dealer - b.seen.dealer)
    this.#good = []
    for (let at = 0; at < good.length; at += ACKNOWLEDGED_MAX) {
      this.#submit(this.#acknowledgementOf(good.slice(at, at + ACKNOWLEDGED_MAX)))
    }
  }

  #acknowledgementOf(good: readonly Dealing<Element>[]): AcknowledgementOperation {
    const { group, boxes, rng } = this.#options
    const { committee, boxKeys } = this.#params
    const dealers = good.map(({ seen }) => seen.dealer)
    const { ephemeral, boxes: values } = boxes.seal({
      recipients: boxKeys,
      messages: committee.peers.map(member =>
        encodeScalars(
          group,
          good.map(({ row }) => valueAt(row as readonly bigint[], member, group.order)),
        ),
      ),
      context: this.#valuesContext(committee.self, dealers),
      rng,
    })
    return { type: 'acknowledgement', dealers, ephemeral, values: concatenated(values) }
  }

  // 4: upon an acknowledgement: count it for its dealings, and take our points of those whose row we lack
  #onAcknowledgement(from: PeerIndex, operation: AcknowledgementOperation): void {
    this.#verifyOpened()
    const seen = this.#transcript.acknowledged(operation)
    if ('rule' in seen) {
      this.#fault(from, seen)
      return
    }
    this.#takeValues(from, operation)
    this.#transcript.acknowledge(from, seen)
    this.#tryOutput()
  }

  #takeValues(from: PeerIndex, { dealers, ephemeral, values }: AcknowledgementOperation): void {
    const dealings = dealers.map(dealer => this.#dealings[dealer] as Dealing<Element>)
    const wanted = dealings.filter(dealing => dealing.wantsValues && !dealing.seen.acknowledgers.has(from))
    if (wanted.length === 0) return
    const { boxes, boxSecretKey, group } = this.#options
    const boxBytes = this.#transcript.sizes.valueBoxBytes(dealers.length)
    const box = boxAt(values, this.#params.committee.self, boxBytes)
    const context = this.#valuesContext(from, dealers)
    const opened = boxes.open({ ephemeral, box, context }, boxSecretKey)
    const scalars = opened && decodeScalars(group, opened, dealers.length)
    const bad = wanted.filter(dealing => {
      const value = scalars?.[dealings.indexOf(dealing)]
      return value === undefined || !dealing.acceptValue(this.#options, { member: from, value })
    })
    if (bad.length === 0) return
    this.#fault(from, { rule: 'dkg/bad-value', detail: 'a point that is not on our row' })
  }

  // 6: the dealings are fixed and we have our share of each: output the sum
  #tryOutput(): void {
    const { keys, complete } = this.#transcript
    if (keys === undefined || this.#done) return
    const { group } = this.#options
    const dealers = complete.map(({ dealer }) => dealer).sort((a, b) => a - b)
    const shares = dealers.map(dealer => this.#dealings[dealer]?.shareIn(group.order))
    // With at most f faulty members nothing is missing here; with more, later acknowledgements may still bring it.
    if (!shares.every(share => share !== undefined)) return
    this.#done = true
    const secretShare = group.encodeScalar(sumOfScalars(group, shares))
    this.#effects.output({ type: 'key', key: { group: group.name, keys, secretShare, dealers } })
    this.#dealings.fill(undefined)
  }

  #submit(operation: KeyOperation): void {
    this.#effects.output({ type: 'submit', operation: this.#transcript.encode(operation) })
  }

  /** A row is bound to what it was committed to: copied into another dealing, its box does not open. */
  #rowContext(dealer: PeerIndex, commitment: Uint8Array): Uint8Array {
    return boxContext(this.#session, 'row', dealer, commitment)
  }

  #valuesContext(by: PeerIndex, dealers: readonly PeerIndex[]): Uint8Array {
    return boxContext(
      this.#session,
      'values',
      by,
      Uint8Array.from(dealers.flatMap(at => [at >> 8, at & 0xff])),
    )
  }

  #fault(peer: PeerIndex, { rule, detail }: BrokenRule): void {
    this.#effects.fault({ rule, peer, detail })
  }
}

/** F(i + 1, j + 1), from the row of i. */
const valueAt = (row: readonly bigint[], member: PeerIndex, order: bigint): bigint =>
  row.reduceRight((sum, coefficient) => (sum * (BigInt(member) + 1n) + coefficient) % order, 0n)

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer()
  for (const part of parts) writer.raw(part)
  return writer.finish()
}
