/**
 * Atomic broadcast: the same batches in the same order at every correct member, one per epoch.
 */
import type { Committee, Domain, Epoch, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** What an atomic broadcast has to know. One instance lives in exactly one configuration. */
export interface AtomicBroadcastParams {
  readonly committee: Committee
  /** Network and configuration; each epoch extends it by its number. */
  readonly domain: Domain
  /**
   * The first epoch that this instance takes part in: that of the configuration, or where the ledger stands after catching up.
   *
   * When a log is replayed, the last `retired` epoch will do: what the log holds of earlier ones is ignored.
   */
  readonly firstEpoch: Epoch
  /**
   * For broadcasts that link epochs: the `links` of the last batch that we know, that before `firstEpoch` or a later one. No batch up
   * to it comes out again. Without it no proposal of an epoch below `firstEpoch` is ever linked.
   */
  readonly links?: Uint8Array
}

/** A proposal that its own epoch left out, delivered by a later one. */
export interface LinkedProposal {
  /** The epoch that it was made for. */
  readonly epoch: Epoch
  readonly proposer: PeerIndex
  readonly payload: Uint8Array
}

/** What the node tells its atomic broadcast. */
export type AtomicBroadcastInput =
  /**
   * Our payload for an epoch that is open for proposals and has none of ours yet; in order. Ignored if the epoch is over.
   *
   * `seen` is for broadcasts that link epochs: what the last batch said that we have seen, or nothing. It is part of what is
   * proposed, so a log that is replayed holds it.
   */
  | {
      readonly type: 'propose'
      readonly epoch: Epoch
      readonly payload: Uint8Array
      readonly seen?: Uint8Array
    }
  /** A link to this peer came up, or was up when the instance was created: whatever it may have missed is sent again. */
  | { readonly type: 'connected'; readonly peer: PeerIndex }
  /** The ledger has caught up by other means: every epoch below `epoch` is over for us; `links` as in the batch before it. */
  | { readonly type: 'advance'; readonly epoch: Epoch; readonly links?: Uint8Array }

/** What an atomic broadcast tells its node. */
export type AtomicBroadcastOutput =
  /**
   * An epoch is agreed; epochs come out in order, without gaps between those that were not advanced over.
   *
   * Broadcasts that link epochs add what earlier epochs had left out, in its order behind the proposals; `links`, agreed like the
   * batch, to be handed back to whoever starts or catches up at the next epoch; and `seen`, our own, for our next proposal.
   */
  | {
      readonly type: 'batch'
      readonly epoch: Epoch
      readonly proposals: ReadonlyMap<PeerIndex, Uint8Array>
      readonly linked?: readonly LinkedProposal[]
      readonly links?: Uint8Array
      readonly seen?: Uint8Array
    }
  /** A peer takes part in this epoch and we have not proposed for it: propose, if only an empty payload. Once per epoch. */
  | { readonly type: 'wanted'; readonly epoch: Epoch }
  /** f + 1 members have finished every epoch below `epoch`, which is further than messages can take us: catch up by blocks. */
  | { readonly type: 'behind'; readonly epoch: Epoch }
  /** We help nobody in the epochs below `epoch` any more: what was logged for them may go. */
  | { readonly type: 'retired'; readonly epoch: Epoch }

/**
 * Atomic broadcast by epochs.
 *
 * Guarantees for n ≥ 3f + 1 over links that deliver again after `connected`:
 * - agreement and total order: if a correct member outputs batch B for epoch e, no correct member outputs another one for e;
 * - progress: if all correct members propose for every wanted epoch, every epoch ends with probability 1.
 */
export interface AtomicBroadcast<Message>
  extends ProtocolDefinition<AtomicBroadcastParams, AtomicBroadcastInput, Message, AtomicBroadcastOutput> {
  readonly role: 'abc'
  /** The largest payload of one proposal, in bytes. */
  readonly payloadBytesMax: number
  /** How many epochs run at once: 1 unless pipelined. */
  readonly depth: number
}
