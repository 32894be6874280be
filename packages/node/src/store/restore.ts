/**
 * Brings a ledger back from the store: the last snapshot, verified against its block, and the blocks after it, applied again.
 */
import type { Proposal } from '@mc/abc'
import { decodeBlock, Ledger, type LedgerOptions } from '@mc/ledger'
import { invariant } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { applyChecked } from '../replica/chain.js'
import type { BlockStore } from './block-store.js'

/** A ledger as the store holds it. */
export interface RestoredLedger<State> {
  readonly ledger: Ledger<State>
  /** How many operations were on the ledger after each block, by epoch − first epoch. */
  readonly totals: number[]
}

/**
 * The ledger as the store holds it.
 *
 * @throws InvariantViolation if what is stored does not lead to what is stored: the disk has changed our blocks.
 */
export async function restoreLedger<State>(
  store: BlockStore,
  options: LedgerOptions<State>,
  codec: Codec<Proposal>,
): Promise<RestoredLedger<State>> {
  const totals: number[] = []
  const first = options.genesis.configuration.firstEpoch
  const snapshot = await store.snapshot()
  let ledger = new Ledger(options)
  for await (const bytes of store.blocksFrom(first)) {
    const block = decodeBlock(bytes)
    invariant(block.epoch === first + totals.length, `block ${first + totals.length} is in the store`)
    totals.push(block.operations)
    if (snapshot !== undefined && block.epoch < snapshot.epoch) continue
    if (block.epoch === snapshot?.epoch) ledger = await fromSnapshot(store, options, snapshot.epoch)
    else ledger = await applied(store, ledger, codec, bytes)
  }
  invariant((snapshot?.epoch ?? -1) < first + totals.length, 'the block of the snapshot is in the store')
  return { ledger, totals }
}

async function fromSnapshot<State>(
  store: BlockStore,
  options: LedgerOptions<State>,
  epoch: number,
): Promise<Ledger<State>> {
  const { genesis, machine } = options
  const snapshot = await store.snapshot()
  invariant(snapshot !== undefined, 'the snapshot is in the store')
  const recent = []
  const depth = genesis.configuration.depth
  for (let at = Math.max(genesis.configuration.firstEpoch, epoch - depth + 1); at <= epoch; at += 1) {
    const bytes = await store.block(at)
    invariant(bytes !== undefined, `block ${at} is in the store`)
    recent.push(decodeBlock(bytes))
  }
  const tip = recent.at(-1)
  invariant(tip !== undefined, `block ${epoch} is in the store`)
  const reader = machine.openSnapshot(snapshot.manifest, tip.stateRoot)
  invariant(reader !== undefined, `the snapshot leads to the state root of block ${epoch}`)
  const state = reader.restore(snapshot.chunks)
  return Ledger.restore(options, { configuration: genesis.configuration, recent }, state)
}

async function applied<State>(
  store: BlockStore,
  ledger: Ledger<State>,
  codec: Codec<Proposal>,
  bytes: Uint8Array,
): Promise<Ledger<State>> {
  const block = decodeBlock(bytes)
  const payloads: Uint8Array[] = []
  for (const { cid } of block.payloads) {
    const payload = await store.payload(String(cid))
    invariant(payload !== undefined, `payload ${cid} of block ${block.epoch} is in the store`)
    payloads.push(payload)
  }
  applyChecked(ledger, codec, block, { block: bytes, payloads })
  return ledger
}
