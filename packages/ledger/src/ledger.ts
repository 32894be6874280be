/**
 * The ledger: turns agreed batches into sealed blocks, the same at every member.
 *
 * Pure and synchronous. It keeps the tip, the clocks, the configuration and the state; blocks and payloads are handed to
 * whoever stores them.
 */
import { equalBytes } from '@mc/crypto'
import { invariant } from '@mc/protocol'
import type { CID } from 'multiformats/cid'
import { type AgreedTime, advanceTime, initialTime, reseatMembers } from './agreed-time.js'
import {
  advanceBeacon,
  type BeaconReveal,
  type BeaconState,
  initialBeacon,
  OwnBeaconChain,
  reseatChains,
} from './beacon.js'
import { type Block, type BlockSeal, encodeBlock } from './block.js'
import { type Configuration, configurationDigest, type LedgerCrypto, memberIndex } from './configuration.js'
import { blockCid, payloadCid } from './content.js'
import { type Genesis, networkId, requireConfiguration, requireGenesis } from './genesis.js'
import type { Refusal } from './operation.js'
import { type ProposalHeader, parseProposalHeader, proposalHeaderCodec } from './proposal-header.js'
import { type Certificate, type Seal, sealStatement, signSeal, verifySeal } from './seal.js'
import { SealCollector, type SealOutcome } from './seal-collector.js'
import type { OrderedOperation, Receipt, StateEvent, StateMachine } from './state-machine.js'

/** What a ledger is made of. */
export interface LedgerOptions<State> {
  readonly genesis: Genesis
  readonly crypto: LedgerCrypto
  readonly machine: StateMachine<State>
}

/** One epoch's agreed batch, in canonical order. */
export interface AgreedBatch {
  readonly epoch: number
  /** The payloads as they were broadcast, ascending by proposer. */
  readonly payloads: readonly { readonly proposer: number; readonly bytes: Uint8Array }[]
  /** The headers of those payloads that could be read. */
  readonly headers: readonly { readonly proposer: number; readonly header: Uint8Array }[]
  readonly operations: readonly OrderedOperation[]
}

/** What became of a batch. */
export interface AppliedBlock {
  readonly block: Block
  readonly cid: CID
  /** The canonical bytes of the block. */
  readonly bytes: Uint8Array
  readonly receipts: readonly Receipt[]
  readonly events: readonly StateEvent[]
  /** The configuration that was decided last, by this block or an earlier one: it takes force at its `firstEpoch`. */
  readonly configuration: Configuration
}

/** Where a ledger stands: enough, with the state, to go on from. */
export interface LedgerPosition {
  /** The configuration of the next epoch. */
  readonly configuration: Configuration
  /** A configuration that is decided and takes force later. */
  readonly decided?: Configuration | undefined
  /** Configurations that agreed on some of `recent`, where it is neither that one nor the one of the genesis. */
  readonly earlier?: readonly Configuration[]
  /** The last blocks, oldest first, as many as the depth of the pipeline; empty before the first block. */
  readonly recent: readonly Block[]
}

interface Recent {
  readonly block: Block
  readonly cid: CID
  readonly statement: Uint8Array
  /** The configuration that agreed on the block and whose members seal it. */
  readonly configuration: Configuration
}

/** The headers that can be read, by who proposed. */
type Headers = readonly (readonly [proposer: number, header: ProposalHeader])[]

/**
 * A ledger over one state machine.
 *
 * A configuration that block e decides takes force at epoch e + depth: epochs below may be open already when block e is applied,
 * and they stay with the configuration they were opened under. Nobody correct opens a later one before it has block e, so no
 * epoch runs under two configurations; and since every epoch has one, no vote is ever counted in another. While one waits to
 * take force, the state machine is told so and what else it decides is left out.
 */
export class Ledger<State> {
  readonly network: Uint8Array
  readonly genesis: Genesis
  readonly #crypto: LedgerCrypto
  readonly #machine: StateMachine<State>
  readonly #collector: SealCollector
  #configuration: Configuration
  #decided: Configuration | undefined
  #state: State
  #time: AgreedTime
  #beacon: BeaconState
  #recent: readonly Recent[] = []
  /** The last key that sealed: deriving the public one costs more than signing. */
  #key: { readonly secret: Uint8Array; readonly public: Uint8Array } | undefined
  #chain: { readonly secretKey: Uint8Array; readonly own: OwnBeaconChain } | undefined
  /** Our seal of the last block that we were asked for: it is made once and used in several places. */
  #own:
    | { readonly statement: Uint8Array; readonly secretKey: Uint8Array; readonly seal: Seal | undefined }
    | undefined

  /** A ledger before its first block. @throws GenesisError if no network can begin with the genesis. */
  constructor({ genesis, crypto, machine }: LedgerOptions<State>) {
    this.genesis = requireGenesis(genesis)
    this.network = networkId(genesis, crypto.sha256)
    this.#crypto = crypto
    this.#machine = machine
    this.#collector = new SealCollector(crypto)
    this.#configuration = genesis.configuration
    this.#state = machine.genesis()
    this.#time = initialTime(genesis.time, genesis.configuration.members.length)
    this.#beacon = initialBeacon(this.network, genesis.configuration.members.length)
  }

  /**
   * A ledger that goes on from blocks and a state that were verified before.
   *
   * @throws InvariantViolation if the state or the configuration is not the one that the last block commits to, or if fewer
   *   blocks are given than seals may still come for: then the next block would not be the one that everybody else makes.
   */
  static restore<State>(
    options: LedgerOptions<State>,
    position: LedgerPosition,
    state: State,
  ): Ledger<State> {
    const ledger = new Ledger(options)
    const tip = position.recent.at(-1)
    if (tip === undefined) return ledger
    const root = options.machine.root(state)
    invariant(equalBytes(root, tip.stateRoot), `state root of block ${tip.epoch} is the restored state's`)
    ledger.#state = state
    ledger.#goOnFrom(position, tip)
    return ledger
  }

  #goOnFrom({ configuration, decided, earlier = [], recent }: LedgerPosition, tip: Block): void {
    const { sha256 } = this.#crypto
    const { depth, firstEpoch } = this.genesis.configuration
    const isOf = (one: Configuration, digest: Uint8Array): boolean =>
      equalBytes(configurationDigest(one, sha256), digest)
    invariant(
      isOf(decided ?? configuration, tip.nextConfiguration),
      `block ${tip.epoch} announced what comes`,
    )
    const needed = Math.min(depth, tip.epoch - firstEpoch + 1)
    invariant(recent.length >= needed, `the last ${needed} blocks are there, got ${recent.length}`)
    this.#configuration = configuration
    this.#decided = decided
    this.#time = { time: tip.time, clock: tip.clock, members: tip.memberTimes }
    this.#beacon = { value: tip.beacon, chains: tip.beaconChains }
    const known = [configuration, this.genesis.configuration, ...earlier]
    for (const block of recent) {
      const sealing = known.find(one => isOf(one, block.configuration))
      invariant(sealing !== undefined, `the configuration that agreed on block ${block.epoch} is known`)
      this.#remember(block, encodeBlock(block), sealing)
    }
  }

  /** The epoch that the next block will have. */
  get nextEpoch(): number {
    const tip = this.#recent.at(-1)
    return tip === undefined ? this.genesis.configuration.firstEpoch : tip.block.epoch + 1
  }

  /** The last block, if there is one. */
  get tip(): { readonly block: Block; readonly cid: CID } | undefined {
    return this.#recent.at(-1)
  }

  /** The configuration that agrees on the next block. */
  get configuration(): Configuration {
    return this.#configuration
  }

  /** The configuration that follows, once it is decided, until it takes force. */
  get decided(): Configuration | undefined {
    return this.#decided
  }

  get position(): LedgerPosition {
    const recent = this.#recent.map(({ block }) => block)
    const earlier = [...new Set(this.#recent.map(({ configuration }) => configuration))]
    return { configuration: this.#configuration, decided: this.#decided, earlier, recent }
  }

  get state(): State {
    return this.#state
  }

  get machine(): StateMachine<State> {
    return this.#machine
  }

  /** Root of the state after the last block. */
  stateRoot(): Uint8Array {
    return this.#machine.root(this.#state)
  }

  /** Why an operation would be refused now, or nothing. */
  admit(bytes: Uint8Array): Refusal | undefined {
    return this.#machine.admit(this.#state, bytes)
  }

  /** The header of our next proposal: our clock, our seal of the last block, our next link of the beacon. */
  header(now: number, secretKey: Uint8Array): Uint8Array {
    const tip = this.#recent.at(-1)
    const own = tip && this.sealTip(secretKey)
    const seal = own && { epoch: own.epoch, signature: own.seal.signature }
    // A correct clock that is behind the others' says what they agreed on.
    const time = Math.max(this.#time.time, Math.floor(now))
    return proposalHeaderCodec.encode({ time, seal, beacon: this.#reveal(secretKey) })
  }

  /** Our seal of the last block, if we are a member of the configuration that agreed on it. */
  sealTip(secretKey: Uint8Array): { readonly epoch: number; readonly seal: Seal } | undefined {
    const tip = this.#recent.at(-1)
    if (tip === undefined) return undefined
    if (this.#own?.statement !== tip.statement || this.#own.secretKey !== secretKey) {
      this.#own = { statement: tip.statement, secretKey, seal: this.#newSeal(tip, secretKey) }
    }
    const { seal } = this.#own
    return seal && { epoch: tip.block.epoch, seal }
  }

  /** Takes a member's seal that came outside of a proposal. Total. */
  addSeal(epoch: number, seal: Seal): SealOutcome {
    // What we have just made ourselves needs no verification.
    return this.#collector.add(epoch, seal, { isVerified: seal === this.#own?.seal })
  }

  /** The same for an author known by its key: its place is the one it had when the block was agreed on. Total. */
  addSealOf(epoch: number, publicKey: Uint8Array, signature: Uint8Array): SealOutcome {
    const member = this.#collector.memberIndex(epoch, publicKey)
    return member < 0 ? 'too-old' : this.addSeal(epoch, { member, signature })
  }

  /** The seals collected for an epoch so far, if it is recent. */
  certificate(epoch: number): Certificate | undefined {
    return this.#collector.certificate(epoch)
  }

  /** Whether those seals convince everybody who knows the configuration of the block. */
  isCertified(epoch: number): boolean {
    return this.#collector.isCertified(epoch)
  }

  /**
   * Makes the next block of an agreed batch and applies it.
   *
   * @throws InvariantViolation if the batch is not the one of `nextEpoch`, or its payloads are not ascending by proposer.
   */
  apply(batch: AgreedBatch): AppliedBlock {
    const { epoch, operations } = batch
    invariant(
      epoch === this.nextEpoch,
      `the batch after ${this.nextEpoch - 1} is ${this.nextEpoch}, not ${epoch}`,
    )
    invariant(isAscending(batch.payloads), `the payloads of epoch ${epoch} are ascending by proposer`)
    const headers = this.#headers(batch)
    const seals = this.#seals(headers)
    this.#time = advanceTime(this.#time, this.#clocks(batch, headers))
    const revealed = new Map(headers.map(([proposer, { beacon }]) => [proposer, beacon]))
    this.#beacon = advanceBeacon(this.#beacon, revealed, this.#crypto.sha256)
    const { time, clock } = this.#time
    const [sealing, decided] = [this.#configuration, this.#decided]
    const beacon = { label: 'chain', value: this.#beacon.value } as const
    const input = { epoch, time, clock, beacon, configuration: sealing, decided, operations }
    const applied = this.#machine.apply(this.#state, input)
    this.#state = applied.state
    if (applied.configuration !== undefined && decided === undefined)
      this.#decided = this.#successor(applied.configuration, epoch)
    if (this.#decided?.firstEpoch === epoch + 1) this.#reconfigure(this.#decided)
    const block = this.#block(batch, seals, sealing)
    const bytes = encodeBlock(block)
    const cid = this.#remember(block, bytes, sealing)
    for (const { epoch: sealed, member, signature } of seals)
      this.#collector.add(sealed, { member, signature })
    const { receipts, events = [] } = applied
    return { block, cid, bytes, receipts, events, configuration: this.#latest }
  }

  /** What members say the time is: by operations that anybody may carry, and by proposals, which take precedence. */
  #clocks({ operations }: AgreedBatch, headers: Headers): ReadonlyMap<number, number> {
    const clocks = new Map(this.#machine.clocks?.(this.#state, operations, this.#configuration))
    for (const [proposer, { time }] of headers) clocks.set(proposer, time)
    return clocks
  }

  #headers({ headers }: AgreedBatch): Headers {
    return headers.flatMap(({ proposer, header }) => {
      const parsed = parseProposalHeader(header)
      return parsed === undefined ? [] : [[proposer, parsed] as const]
    })
  }

  #reveal(secretKey: Uint8Array): BeaconReveal {
    if (this.#chain?.secretKey !== secretKey) {
      this.#chain = { secretKey, own: new OwnBeaconChain(secretKey, this.network, this.#crypto.sha256) }
    }
    const chain = this.#beacon.chains[memberIndex(this.#configuration, this.#publicKeyOf(secretKey))]
    return chain === undefined ? { link: undefined, end: undefined } : this.#chain.own.reveal(chain)
  }

  #publicKeyOf(secretKey: Uint8Array): Uint8Array {
    if (this.#key?.secret !== secretKey) {
      this.#key = { secret: secretKey, public: this.#crypto.ed25519.publicKey(secretKey) }
    }
    return this.#key.public
  }

  get #latest(): Configuration {
    return this.#decided ?? this.#configuration
  }

  // The machine says who and by which suite; when it takes force, and as which, is a rule of the ledger.
  #successor(wanted: Configuration, epoch: number): Configuration {
    const { index, depth } = this.#configuration
    return requireConfiguration({ ...wanted, index: index + 1, firstEpoch: epoch + depth, depth })
  }

  // A member's clock and chain follow its key: others may have come or gone before it.
  #reconfigure(next: Configuration): void {
    const previous = this.#configuration
    const seats = next.members.map(({ publicKey }) => memberIndex(previous, publicKey))
    this.#time = reseatMembers(this.#time, seats)
    this.#beacon = reseatChains(this.#beacon, seats)
    this.#configuration = next
    this.#decided = undefined
  }

  // Which seals are in must not depend on what else this member has seen: only blocks that every member still holds count.
  #seals(headers: Headers): readonly BlockSeal[] {
    return headers.flatMap(([proposer, { seal }]) => {
      const recent = seal && this.#recent.find(({ block }) => block.epoch === seal.epoch)
      if (seal === undefined || recent === undefined) return []
      const member = this.#seatOf(proposer, recent.configuration)
      const { epoch, signature } = seal
      return this.#isValid({ member, signature }, recent) ? [{ epoch, member, signature }] : []
    })
  }

  // A seal counts by the place its author had when the block was agreed on, which may not be the one it has now.
  #seatOf(proposer: number, configuration: Configuration): number {
    const publicKey = this.#configuration.members[proposer]?.publicKey
    if (publicKey === undefined || configuration === this.#configuration) return proposer
    return memberIndex(configuration, publicKey)
  }

  #isValid(seal: Seal, { block, statement, configuration }: Recent): boolean {
    // What was verified when it came outside of a proposal need not be verified again.
    if (this.#collector.holds(block.epoch, seal)) return true
    return verifySeal(seal, statement, configuration, this.#crypto)
  }

  #block(batch: AgreedBatch, seals: readonly BlockSeal[], sealing: Configuration): Block {
    const { sha256 } = this.#crypto
    return {
      version: 1,
      network: this.network,
      epoch: batch.epoch,
      previous: this.#recent.at(-1)?.cid ?? null,
      configuration: configurationDigest(sealing, sha256),
      nextConfiguration: configurationDigest(this.#latest, sha256),
      payloads: batch.payloads.map(({ proposer, bytes }) => ({ proposer, cid: payloadCid(bytes, sha256) })),
      time: this.#time.time,
      clock: this.#time.clock,
      memberTimes: this.#time.members,
      beacon: this.#beacon.value,
      beaconChains: this.#beacon.chains,
      operations: this.#machine.size(this.#state),
      stateRoot: this.stateRoot(),
      seals,
    }
  }

  #remember(block: Block, bytes: Uint8Array, configuration: Configuration): CID {
    const cid = blockCid(bytes, this.#crypto.sha256)
    const statement = sealStatement(block, cid, this.#crypto.sha256)
    this.#collector.open(block.epoch, statement, configuration)
    this.#recent = [...this.#recent, { block, cid, statement, configuration }].slice(
      -this.genesis.configuration.depth,
    )
    return cid
  }

  #newSeal({ statement, configuration }: Recent, secretKey: Uint8Array): Seal | undefined {
    const member = memberIndex(configuration, this.#publicKeyOf(secretKey))
    return member < 0 ? undefined : { member, signature: signSeal(statement, secretKey, this.#crypto) }
  }
}

const isAscending = (payloads: AgreedBatch['payloads']): boolean =>
  payloads.every(({ proposer }, at) => at === 0 || (payloads[at - 1]?.proposer as number) < proposer)
