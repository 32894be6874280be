/**
 * How blocks get onto the ledger: made of what was agreed here, or fetched with a certificate from a peer.
 */
import type { Proposal } from '@mc/abc'
import type { Epoch, PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { CatchUp } from './catch-up.js'
import {
  applyBatch,
  applyChecked,
  checkChain,
  operationsIn,
  type ReceivedBlock,
  type StoredBlock,
} from './chain.js'
import type { IntakeContext } from './context.js'
import type { BlocksAnswer } from './peer-messages.js'
import type { Sealing } from './sealing.js'

/** Batches that were agreed here and wait for the blocks before them; more are fetched as blocks. */
const WAITING_MAX = 16

/** What a batch holds. */
type Batch = ReadonlyMap<PeerIndex, Uint8Array>

/** What the intake tells its replica. */
export interface BlockIntakeOptions {
  readonly codec: Codec<Proposal>
  /** Who can be asked for blocks. */
  readonly peers: () => readonly PeerIndex[]
  readonly onBlock: (stored: StoredBlock) => void
  /** Blocks came from a peer: the epochs below the ledger's next one are over. */
  readonly onFetched: () => void
  /** A member has no certified block that follows our last one. */
  readonly onNothingMore: (member: PeerIndex) => void
}

/** Applies blocks in order, each once, wherever they come from. */
export class BlockIntake<State> {
  readonly catchUp: CatchUp
  readonly #context: IntakeContext<State>
  readonly #sealing: Sealing<State>
  readonly #options: BlockIntakeOptions
  readonly #waiting = new Map<number, Batch>()
  /** The batch whose dear checks have been begun. */
  #checks: { readonly epoch: number; areRunning: boolean } | undefined

  constructor(context: IntakeContext<State>, sealing: Sealing<State>, options: BlockIntakeOptions) {
    const { ledger, now } = context.options
    this.#context = context
    this.#sealing = sealing
    this.#options = options
    this.catchUp = new CatchUp({
      ask: peer => context.turn().send(peer, { type: 'blocks-request', from: ledger.nextEpoch as Epoch }),
      peers: () => (this.#isComplete ? options.peers() : []),
      nextEpoch: () => ledger.nextEpoch,
      now,
    })
  }

  /** What was missing is here: goes on with what waits. */
  resume(): void {
    this.#applyWaiting()
  }

  /** A batch was agreed here. A replayed log brings batches again that are blocks already. */
  onBatch(epoch: Epoch, batch: Batch): void {
    const { nextEpoch } = this.#context.options.ledger
    // What was agreed here of epochs that are another configuration's was agreed by nobody.
    if (epoch < nextEpoch || this.#context.isOver()) return
    this.#keep(epoch, batch)
    this.#applyWaiting()
  }

  /** An answer to our question. Faults reported: `node/bad-blocks`. */
  onAnswer(peer: PeerIndex, answer: BlocksAnswer): void {
    const { ledger } = this.#context.options
    if (!this.catchUp.expects(peer, answer.from)) return
    // What we asked for was agreed here meanwhile.
    if (answer.from !== ledger.nextEpoch) return this.catchUp.progressed()
    if (!this.#isComplete) return this.catchUp.disappointed()
    if (answer.items.length === 0 || answer.certificate === undefined) return this.#onNothingMore(peer)
    this.#onBlocks(peer, answer.items, answer.certificate)
  }

  #onNothingMore(peer: PeerIndex): void {
    // Who has no more may lag behind itself, or not have the seals yet: others are asked until the target is reached.
    if (this.catchUp.isReached) this.catchUp.end()
    else this.catchUp.disappointed()
    this.#options.onNothingMore(peer)
  }

  #onBlocks(
    peer: PeerIndex,
    items: readonly ReceivedBlock[],
    certificate: NonNullable<BlocksAnswer['certificate']>,
  ): void {
    const { crypto, ledger } = this.#context.options
    const checked = checkChain(ledger, items, certificate, crypto)
    if ('reason' in checked) {
      this.#context.turn().faults.push({ rule: 'node/bad-blocks', peer, detail: checked.reason })
      return this.catchUp.disappointed()
    }
    for (const [at, block] of checked.blocks.entries()) {
      this.#add(applyChecked(ledger, this.#options.codec, block, items[at] as ReceivedBlock))
      // The rest is asked for again when it can be applied.
      if (!this.#isComplete) break
    }
    // The certificate is of the last block.
    if (ledger.nextEpoch > certificate.epoch) this.#sealing.onCertificate(certificate)
    this.#sealing.send('all')
    if (this.#context.isOver()) return
    this.#applyWaiting()
    this.#options.onFetched()
    this.catchUp.progressed()
  }

  #keep(epoch: Epoch, batch: Batch): void {
    this.#waiting.set(epoch, batch)
    if (this.#waiting.size > WAITING_MAX) this.#waiting.delete(Math.min(...this.#waiting.keys()))
  }

  #applyWaiting(): void {
    const { ledger } = this.#context.options
    for (const epoch of this.#waiting.keys()) if (epoch < ledger.nextEpoch) this.#waiting.delete(epoch)
    for (;;) {
      const epoch = ledger.nextEpoch as Epoch
      const batch = this.#waiting.get(epoch)
      if (this.#context.isOver()) return
      if (batch === undefined) return this.#seekMissing()
      if (this.#isHeld(epoch, batch)) return
      this.#waiting.delete(epoch)
      this.#applyBatch(epoch, batch)
    }
  }

  // The log knows of more epochs than the store: what was fetched there once is fetched again.
  #seekMissing(): void {
    if (this.#waiting.size > 0) this.catchUp.begin(Math.max(...this.#waiting.keys()))
  }

  get #isComplete(): boolean {
    return this.#context.options.isComplete?.() !== false
  }

  // What is dear is checked elsewhere first. Meanwhile the batch waits, and the agreement on the epochs after it goes on.
  #isHeld(epoch: Epoch, batch: Batch): boolean {
    const { ahead } = this.#context.options
    if (!this.#isComplete) return true
    if (ahead === undefined) return false
    if (this.#checks?.epoch === epoch) return this.#checks.areRunning
    const checks = { epoch, areRunning: true }
    this.#checks = checks
    const done = (): void => {
      checks.areRunning = false
      this.#applyWaiting()
    }
    checks.areRunning = ahead(operationsIn(batch, this.#options.codec), done, { isUrgent: true })
    return checks.areRunning
  }

  #applyBatch(epoch: Epoch, batch: Batch): void {
    this.#add(applyBatch(this.#context.options.ledger, this.#options.codec, epoch, batch))
    this.#sealing.send('all')
    if (this.catchUp.isRunning && this.catchUp.isReached) this.catchUp.end()
  }

  #add(stored: StoredBlock): void {
    const turn = this.#context.turn()
    turn.blocks.push(stored)
    turn.faults.push(...stored.faults)
    this.#sealing.onBlock()
    this.#options.onBlock(stored)
  }
}
