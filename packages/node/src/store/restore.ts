/**
 * Brings a ledger back from the store: the last snapshot, verified against its block, and the blocks after it, applied again.
 */
import type { Proposal } from '@mc/abc'
import { equalBytes } from '@mc/crypto'
import {
  type Block,
  type Configuration,
  configurationDigest,
  decodeBlock,
  Ledger,
  type LedgerOptions,
  type LedgerPosition,
} from '@mc/ledger'
import { invariant } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { applyChecked } from '../replica/chain.js'
import type { BlockStore, SnapshotOnDisk } from './block-store.js'
import type { LedgerExtent } from './checkpoint-pace.js'

/** A ledger as the store holds it. */
export interface RestoredLedger<State> {
  readonly ledger: Ledger<State>
  /** How many operations were on the ledger after each block, by epoch − first epoch. */
  readonly totals: number[]
  /** How far the snapshot is that it came from. */
  readonly written: LedgerExtent
}

/**
 * The ledger as the store holds it. Blocks below the snapshot are not read, and none above is applied to a state that needs
 * content which is not here: they are fetched again once it is.
 *
 * @throws InvariantViolation if what is stored does not lead to what is stored: the disk has changed our blocks.
 */
export async function restoreLedger<State>(
  store: BlockStore,
  options: LedgerOptions<State>,
  codec: Codec<Proposal>,
  isComplete: (state: State) => boolean = () => true,
): Promise<RestoredLedger<State>> {
  const first = options.genesis.configuration.firstEpoch
  const snapshot = await store.snapshot()
  const ledger = snapshot === undefined ? new Ledger(options) : await fromSnapshot(store, options, snapshot)
  const totals = [...(snapshot?.totals ?? [])]
  const written = { blocks: totals.length, operations: totals.at(-1) ?? 0 }
  invariant(ledger.nextEpoch === first + totals.length, 'the snapshot counts the operations of every block')
  for await (const bytes of store.blocksFrom(ledger.nextEpoch)) {
    if (!isComplete(ledger.state)) break
    const block = decodeBlock(bytes)
    invariant(block.epoch === ledger.nextEpoch, `block ${ledger.nextEpoch} is in the store`)
    totals.push(block.operations)
    await apply(store, ledger, codec, bytes)
  }
  return { ledger, totals, written }
}

async function fromSnapshot<State>(
  store: BlockStore,
  options: LedgerOptions<State>,
  { epoch, manifest, chunks }: SnapshotOnDisk,
): Promise<Ledger<State>> {
  const { genesis, machine } = options
  const recent = []
  const depth = genesis.configuration.depth
  for (let at = Math.max(genesis.configuration.firstEpoch, epoch - depth + 1); at <= epoch; at += 1) {
    const bytes = await store.block(at)
    invariant(bytes !== undefined, `block ${at} is in the store`)
    recent.push(decodeBlock(bytes))
  }
  const tip = recent.at(-1)
  invariant(tip !== undefined, `block ${epoch} is in the store`)
  const reader = machine.openSnapshot(manifest, tip.stateRoot)
  invariant(reader !== undefined, `the snapshot leads to the state root of block ${epoch}`)
  const state = reader.restore(chunks)
  return Ledger.restore(options, { ...(await configurationsAt(store, options, tip)), recent }, state)
}

/** The configurations after a block: the one of the next epoch, and what is decided; the store has them all. */
async function configurationsAt<State>(
  store: BlockStore,
  { genesis, crypto }: LedgerOptions<State>,
  { epoch, nextConfiguration }: Block,
): Promise<Omit<LedgerPosition, 'recent'>> {
  const earlier = [genesis.configuration, ...(await store.configurations())]
  const isLatest = (one: Configuration): boolean =>
    equalBytes(configurationDigest(one, crypto.sha256), nextConfiguration)
  const latest = earlier.find(isLatest)
  invariant(latest !== undefined, `the configuration that block ${epoch} announced is in the store`)
  const configuration = earlier.findLast(
    ({ firstEpoch, index }) => firstEpoch <= epoch + 1 && index <= latest.index,
  ) as Configuration
  return { configuration, decided: configuration === latest ? undefined : latest, earlier }
}

async function apply<State>(
  store: BlockStore,
  ledger: Ledger<State>,
  codec: Codec<Proposal>,
  bytes: Uint8Array,
): Promise<void> {
  const block = decodeBlock(bytes)
  const payloads: Uint8Array[] = []
  for (const { cid } of block.payloads) {
    const payload = await store.payload(String(cid))
    invariant(payload !== undefined, `payload ${cid} of block ${block.epoch} is in the store`)
    payloads.push(payload)
  }
  applyChecked(ledger, codec, block, { block: bytes, payloads })
}
