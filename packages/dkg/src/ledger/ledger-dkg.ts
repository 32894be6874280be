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
import { domainHash, equalBytes } from '@mc/crypto'
import {
  commitBivariate,
  decodeElements,
  encodeElements,
  keySetOf,
  SymmetricBivariate,
  verifyRows,
} from '@mc/crypto/dkg'
import {
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  type ProtocolDefinition,
  twoFPlus1,
} from '@mc/protocol'
import { type Codec, DecodeError, nothing, Writer } from '@mc/protocol/wire'
import type { GeneratedKey, KeyGenerationOptions, KeyGenerationParams } from '../key-generation.js'
import { decodeScalars, encodeScalars, sumOfCommitments, sumOfScalars } from '../scalars.js'
import { boxContext, SESSION_BYTES, sessionOf } from '../session.js'
import { Dealing } from './dealing.js'
import {
  type AcknowledgementOperation,
  boxAt,
  type DealingOperation,
  type KeyOperation,
  type OperationSizes,
  operationCodec,
  operationSizes,
} from './operations.js'

/** How many complete dealings make a key. More of them: one more weak generator of randomness does no harm. */
export type DealingsNeeded = 'f + 1' | 'n − f'

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
  readonly #sizes: OperationSizes
  readonly #codec: Codec<KeyOperation>
  readonly #threshold: number
  /** By dealer; a dealing that nobody can use takes its dealer's place all the same. */
  readonly #dealings: (Dealing<Element> | 'invalid' | undefined)[]
  /** Dealings whose row is opened but not verified yet. */
  #opened: { readonly dealing: Dealing<Element>; readonly row: readonly bigint[] }[] = []
  /** Dealings whose row is good and not acknowledged yet. */
  #good: Dealing<Element>[] = []
  /** In the order in which they became complete. */
  readonly #complete: Dealing<Element>[] = []
  #closed = false
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
    this.#session = sessionOf('ledger', options, params)
    this.#sizes = operationSizes(params.committee, options.group, options.boxes)
    this.#codec = operationCodec(this.#sizes)
    this.#threshold = fPlus1(params.committee)
    this.#dealings = params.committee.peers.map(() => undefined)
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
    if (!this.#closed && this.#dealings[this.#params.committee.self] === undefined) this.#deal()
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
      const operation = this.#decoded(author, bytes)
      if (operation?.type === 'dealing') this.#onDealing(author, operation, bytes)
      else if (operation !== undefined) this.#onAcknowledgement(author, operation)
    }
    this.#verifyOpened()
    this.#acknowledge()
  }

  // 2: upon the first dealing of a dealer: open our row; it is verified together with those of its batch
  #onDealing(
    dealer: PeerIndex,
    { commitment: committed, ephemeral, rows }: DealingOperation,
    bytes: Uint8Array,
  ): void {
    const { group, sha256, boxes, boxSecretKey } = this.#options
    const digest = domainHash(sha256, 'mc/dkg/dealing/v1', bytes)
    const earlier = this.#dealings[dealer]
    if (earlier !== undefined) {
      this.#checkSecondDealing(earlier, dealer, digest)
      return
    }
    const commitment = decodeElements(group, committed, committed.length / group.elementBytes)
    if (commitment === undefined) {
      this.#dealings[dealer] = 'invalid'
      this.#fault('dkg/invalid-commitment', dealer, 'not all of its commitments are elements of the group')
      return
    }
    const { self, n } = this.#params.committee
    const dealing = new Dealing({ dealer, self, n, threshold: this.#threshold, commitment, digest })
    this.#dealings[dealer] = dealing
    const box = boxAt(rows, self, this.#sizes.rowBoxBytes)
    const context = this.#rowContext(dealer, committed)
    const opened = boxes.open({ ephemeral, box, context }, boxSecretKey)
    const row = opened && decodeScalars(group, opened, this.#threshold)
    if (row === undefined) this.#fault('dkg/bad-row', dealer, 'our row does not open')
    else this.#opened.push({ dealing, row })
  }

  #checkSecondDealing(earlier: Dealing<Element> | 'invalid', dealer: PeerIndex, digest: Uint8Array): void {
    if (earlier !== 'invalid' && equalBytes(earlier.digest, digest)) return
    this.#fault('dkg/second-dealing', dealer, 'another dealing than its first, which stands')
  }

  /** All rows at once; only if that fails one by one, to learn who lied. */
  #verifyOpened(): void {
    const opened = this.#opened
    if (opened.length === 0) return
    this.#opened = []
    const claims = opened.map(({ dealing, row }) => ({
      commitment: dealing.commitment,
      member: this.#params.committee.self,
      row,
    }))
    const allGood = verifyRows(this.#options, claims)
    opened.forEach(({ dealing, row }, at) => {
      if (allGood || verifyRows(this.#options, claims.slice(at, at + 1))) {
        dealing.acceptRow(row)
        this.#good.push(dealing)
      } else this.#fault('dkg/bad-row', dealing.dealer, 'our row is not the one that it is committed to')
    })
  }

  // 3: rows are good: acknowledge them in one operation, with the point F(i + 1, j + 1) for each member j in a box
  #acknowledge(): void {
    if (!this.#generating) return
    const { group, boxes, rng } = this.#options
    const { committee, boxKeys } = this.#params
    // What is complete needs nobody any more, and what the log holds of ours we had said before a restart.
    const good = this.#good
      .filter(dealing => !this.#closed && !this.#complete.includes(dealing))
      .filter(({ acknowledgers }) => !acknowledgers.has(committee.self))
      .sort((a, b) => a.dealer - b.dealer)
    this.#good = []
    if (good.length === 0) return
    const dealers = good.map(({ dealer }) => dealer)
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
    this.#submit({ type: 'acknowledgement', dealers, ephemeral, values: concatenated(values) })
  }

  // 4: upon an acknowledgement: count it for its dealings, and take our points of those whose row we lack
  //    upon 2f + 1 acknowledgements of a dealing: it is complete
  #onAcknowledgement(from: PeerIndex, operation: AcknowledgementOperation): void {
    this.#verifyOpened()
    const dealings = operation.dealers.map(dealer => this.#dealings[dealer])
    if (!dealings.every(dealing => dealing instanceof Dealing)) {
      this.#fault('dkg/unknown-dealing', from, 'acknowledges a dealing that the log does not hold')
      return
    }
    this.#takeValues(from, operation, dealings)
    for (const dealing of dealings) {
      dealing.acknowledgers.add(from)
      const isEnough = dealing.acknowledgers.size >= twoFPlus1(this.#params.committee)
      if (!isEnough || this.#closed || this.#complete.includes(dealing)) continue
      this.#complete.push(dealing)
      this.#tryClose()
    }
    this.#tryOutput()
  }

  #takeValues(
    from: PeerIndex,
    { dealers, ephemeral, values }: AcknowledgementOperation,
    dealings: readonly Dealing<Element>[],
  ): void {
    const wanted = dealings.filter(dealing => dealing.wantsValues && !dealing.acknowledgers.has(from))
    if (wanted.length === 0) return
    const { boxes, boxSecretKey, group } = this.#options
    const box = boxAt(values, this.#params.committee.self, this.#sizes.valueBoxBytes(dealers.length))
    const context = this.#valuesContext(from, dealers)
    const opened = boxes.open({ ephemeral, box, context }, boxSecretKey)
    const scalars = opened && decodeScalars(group, opened, dealers.length)
    const bad = wanted.filter(dealing => {
      const value = scalars?.[dealings.indexOf(dealing)]
      return value === undefined || !dealing.acceptValue(this.#options, { member: from, value })
    })
    if (bad.length > 0) this.#fault('dkg/bad-value', from, 'a point that is not on our row')
  }

  // 5: enough dealings are complete: these are the key
  #tryClose(): void {
    const { dealings } = this.#options
    const { committee } = this.#params
    const needed = dealings === 'f + 1' ? fPlus1(committee) : nMinusF(committee)
    if (this.#complete.length < needed) return
    // A sum whose keys include the identity is no key; nobody will ever see one, and the next dealing would mend it.
    this.#closed = this.#keySet() !== undefined
  }

  // 6: the dealings are fixed and we have our share of each: output the sum
  #tryOutput(): void {
    if (!this.#closed || this.#done) return
    const { group } = this.#options
    const shares = this.#complete.map(dealing => dealing.shareIn(group.order))
    const keys = this.#keySet()
    // With at most f faulty members nothing is missing here; with more, later acknowledgements may still bring it.
    if (keys === undefined || !shares.every(share => share !== undefined)) return
    this.#done = true
    const dealers = this.#complete.map(({ dealer }) => dealer).sort((a, b) => a - b)
    const secretShare = group.encodeScalar(sumOfScalars(group, shares))
    this.#effects.output({ type: 'key', key: { group: group.name, keys, secretShare, dealers } })
    this.#dealings.fill(undefined)
    this.#complete.length = 0
  }

  #keySet(): GeneratedKey['keys'] | undefined {
    const { group } = this.#options
    const commitments = this.#complete.map(dealing => dealing.secretCommitment)
    return keySetOf(group, sumOfCommitments(group, commitments), this.#params.committee.n)
  }

  #decoded(author: PeerIndex, bytes: Uint8Array): KeyOperation | undefined {
    if (!equalBytes(bytes.subarray(0, SESSION_BYTES), this.#session)) {
      this.#fault('dkg/other-session', author, `${bytes.length} bytes of another key generation`)
      return undefined
    }
    try {
      return this.#codec.decode(bytes.subarray(SESSION_BYTES))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#fault('dkg/undecodable-operation', author, error.message)
      return undefined
    }
  }

  #submit(operation: KeyOperation): void {
    const writer = new Writer(this.#sizes.operationBytesMax)
    writer.raw(this.#session)
    this.#codec.write(writer, operation)
    this.#effects.output({ type: 'submit', operation: writer.finish() })
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

  #fault(rule: string, peer: PeerIndex, detail: string): void {
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
