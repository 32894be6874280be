/**
 * Our way into the consensus, by itself: once a member has a seat for this node and the node has caught up, it says that it is
 * ready. From the next boundary on it counts; nobody is put into a committee before it has said so.
 */
import { equalBytes } from '@mc/crypto'
import { isPresent } from '@mc/topics'
import type { Node } from '../node.js'
import { type SeatVoice, seatOperation } from './seat-operation.js'

/** What a keeper needs of the node that it speaks through. */
export type SeatNode = Pick<Node, 'events' | 'submit'> & {
  readonly ledger: Pick<Node['ledger'], 'nextEpoch' | 'tip'>
}

/** What a keeper is made of. */
export interface SeatKeeperOptions extends SeatVoice {
  /** The clock of this machine, in ms since 1970. */
  readonly now: () => number
}

/** A node whose last block is younger than this, in ms of agreed time, has caught up. */
const CAUGHT_UP_MS = 600_000

/** Blocks after which it is said again, if the ledger does not have it by then. */
const SAID_FOR_BLOCKS = 32

/** One node's keeper of its seat. */
export class SeatKeeper {
  readonly #options: SeatKeeperOptions
  readonly #publicKey: Uint8Array
  #saidAt: number | undefined
  #node: SeatNode | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: SeatKeeperOptions) {
    this.#options = options
    this.#publicKey = options.crypto.ed25519.publicKey(options.secretKey)
  }

  /** Takes part through a node that runs; call what it returns before the node stops. */
  attend(node: SeatNode): () => Promise<void> {
    this.#node = node
    const look = (): void => this.look()
    node.events.on('block', look)
    this.look()
    return async () => {
      node.events.off('block', look)
      this.#node = undefined
      await this.#work
    }
  }

  /** Looks whether there is a seat for this node that waits for its word, and gives it. */
  look(): void {
    const node = this.#node
    if (node === undefined || !this.#isWanted || !this.#hasCaughtUp(node)) return
    const { nextEpoch } = node.ledger
    if (this.#saidAt !== undefined && nextEpoch < this.#saidAt + SAID_FOR_BLOCKS) return
    this.#saidAt = nextEpoch
    const operation = seatOperation({ type: 'ready' }, this.#options)
    // A node that has stopped says nothing any more, and what it refuses is tried again later.
    this.#work = this.#work.then(() => node.submit([operation])).then(ignore, ignore)
  }

  get #isWanted(): boolean {
    return this.#options
      .state()
      .tables.members.values()
      .some(member => {
        const { seat } = member
        if (seat === undefined || seat.isReady || !isPresent(member)) return false
        return equalBytes(seat.publicKey, this.#publicKey)
      })
  }

  #hasCaughtUp({ ledger }: SeatNode): boolean {
    const time = ledger.tip?.block.time
    return time !== undefined && this.#options.now() - time < CAUGHT_UP_MS
  }
}

const ignore = (): void => {}
