/**
 * Everything that one turn of the loop caused: what to log, then what to send, store and tell.
 */
import type { Certificate } from '@mc/ledger'
import type { Epoch, Fault, PeerIndex } from '@mc/protocol'
import { type JournalRecord, journalCodec } from '../log/journal.js'
import type { StoredBlock } from './chain.js'
import type { ContentMessage, ContentRequest, PeerMessage } from './peer-messages.js'

/** A message for one peer, or for all peers but ourselves. */
export interface Outgoing {
  readonly to: PeerIndex | 'all'
  readonly message: PeerMessage
}

/** What a turn caused, in the order in which it has to happen: records first, then the rest. */
export class Turn {
  records: Uint8Array[] = []
  outgoing: Outgoing[] = []
  blocks: StoredBlock[] = []
  certificates: Certificate[] = []
  faults: Fault[] = []
  /** Peers that ask for blocks, and from which epoch on; of each, its last question counts. */
  readonly requests: Map<PeerIndex, Epoch> = new Map()
  /** Content that peers ask for, or bring. */
  readonly contents: { readonly from: PeerIndex; readonly message: ContentRequest | ContentMessage }[] = []
  /** The epoch below which nobody needs our words any more, if it has moved. */
  retired: number | undefined

  /** Queues a record of the log. */
  log(record: JournalRecord): void {
    this.records.push(journalCodec.encode(record))
  }

  /** Queues a message; it leaves after the records are on disk. */
  send(to: PeerIndex | 'all', message: PeerMessage): void {
    this.outgoing.push({ to, message })
  }

  /** A peer asks for blocks from an epoch on. */
  ask(from: PeerIndex, epoch: Epoch): void {
    this.requests.set(from, epoch)
  }

  /** Whether something leaves the machine, which must not happen before the records are on disk. */
  get speaks(): boolean {
    return this.outgoing.length > 0
  }
}
