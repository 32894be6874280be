/**
 * From agreed proposals to blocks, whether they were agreed here or come certified from a peer.
 */
import { orderBatch, type Proposal } from '@mc/abc'
import { digestKey, equalBytes, keyDigest } from '@mc/crypto'
import {
  type AgreedBatch,
  type AppliedBlock,
  type Block,
  BlockError,
  type Certificate,
  configurationDigest,
  decodeBlock,
  type Ledger,
  type LedgerCrypto,
  payloadCid,
  verifyCertificate,
} from '@mc/ledger'
import { type Epoch, type Fault, invariant, type PeerIndex } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'

/** An applied block with the payloads it was made of. */
export interface StoredBlock extends AppliedBlock {
  readonly payloads: readonly Uint8Array[]
  readonly faults: readonly Fault[]
  /** Ids of the operations in the batch that are new, accepted or not, as keys of a map. */
  readonly ids: readonly string[]
}

/** A block and its payloads as a peer sent them. */
export interface ReceivedBlock {
  readonly block: Uint8Array
  readonly payloads: readonly Uint8Array[]
}

/** Applies an agreed batch to the ledger. */
export function applyBatch<State>(
  ledger: Ledger<State>,
  codec: Codec<Proposal>,
  epoch: Epoch,
  proposals: ReadonlyMap<PeerIndex, Uint8Array>,
): StoredBlock {
  const { machine } = ledger
  const idOf = (bytes: Uint8Array): string => digestKey(machine.operationId(bytes))
  const isCommitted = (key: string): boolean => machine.isKnown(ledger.state, key)
  const ordered = orderBatch({ epoch, proposals, codec, idOf, isCommitted })
  const payloads = [...proposals].map(([proposer, bytes]) => ({ proposer, bytes }))
  const operations = ordered.operations.map(({ proposer, id: key, bytes }) => {
    return { proposer, id: keyDigest(key), key, bytes }
  })
  const batch: AgreedBatch = { epoch, payloads, headers: ordered.headers, operations }
  return {
    ...ledger.apply(batch),
    payloads: payloads.map(({ bytes }) => bytes),
    faults: ordered.faults,
    ids: ordered.operations.map(({ id }) => id),
  }
}

/** The operations of a batch, as its proposals hold them; none of a proposal that is none. */
export const operationsIn = (
  proposals: ReadonlyMap<PeerIndex, Uint8Array>,
  codec: Codec<Proposal>,
): readonly Uint8Array[] =>
  [...proposals.values()].flatMap(bytes => proposalIn(bytes, codec)?.operations ?? [])

function proposalIn(bytes: Uint8Array, codec: Codec<Proposal>): Proposal | undefined {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** A chain of blocks that leads from our tip to a certified one, or why it does not. */
export type CheckedChain = { readonly blocks: readonly Block[] } | { readonly reason: string }

/**
 * Checks blocks that a peer sent: they follow our tip one by one, f + 1 members of the current configuration signed the last
 * one, and the payloads are those the blocks name. Total: any bytes give a chain or a reason.
 */
export function checkChain<State>(
  ledger: Ledger<State>,
  items: readonly ReceivedBlock[],
  certificate: Certificate,
  crypto: LedgerCrypto,
): CheckedChain {
  const blocks: Block[] = []
  for (const [index, item] of items.entries()) {
    const block = readBlock(item.block)
    if (typeof block === 'string') return { reason: block }
    if (block.epoch !== ledger.nextEpoch + index)
      return { reason: `block ${block.epoch} is not the next one` }
    if (!hasPayloads(block, item, crypto))
      return { reason: `payloads of block ${block.epoch} are not those it names` }
    blocks.push(block)
  }
  const last = blocks.at(-1)
  if (last === undefined) return { reason: 'no blocks' }
  // Who runs two networks with the same members could be shown the blocks of the other one.
  if (!equalBytes(last.network, ledger.network))
    return { reason: `block ${last.epoch} is of another network` }
  if (!equalBytes(last.configuration, configurationDigest(ledger.configuration, crypto.sha256))) {
    return { reason: `block ${last.epoch} is of another configuration` }
  }
  if (!verifyCertificate(last, certificate, ledger.configuration, crypto)) {
    return { reason: `fewer than f + 1 members signed block ${last.epoch}` }
  }
  return isLinked(ledger, items, blocks, crypto)
    ? { blocks }
    : { reason: 'the blocks do not follow each other' }
}

/**
 * Applies a checked block.
 *
 * @throws InvariantViolation if we make another block of it than f + 1 members did: one of us has computed wrongly.
 */
export function applyChecked<State>(
  ledger: Ledger<State>,
  codec: Codec<Proposal>,
  block: Block,
  item: ReceivedBlock,
): StoredBlock {
  const proposals = new Map(
    block.payloads.map(({ proposer }, at) => [proposer as PeerIndex, item.payloads[at] as Uint8Array]),
  )
  const stored = applyBatch(ledger, codec, block.epoch as Epoch, proposals)
  invariant(equalBytes(stored.bytes, item.block), `block ${block.epoch} is the same here as at f + 1 members`)
  return stored
}

function isLinked<State>(
  ledger: Ledger<State>,
  items: readonly ReceivedBlock[],
  blocks: readonly Block[],
  { sha256 }: LedgerCrypto,
): boolean {
  return blocks.every((block, index) => {
    const previous = items[index - 1]?.block
    const digest = previous === undefined ? ledger.tip?.cid.multihash.digest : sha256(previous)
    return digest === undefined
      ? block.previous === null
      : equalBytes(block.previous?.multihash.digest ?? NONE, digest)
  })
}

const NONE = new Uint8Array(0)

function hasPayloads(block: Block, { payloads }: ReceivedBlock, { sha256 }: LedgerCrypto): boolean {
  return (
    block.payloads.length === payloads.length &&
    block.payloads.every(({ cid }, at) => cid.equals(payloadCid(payloads[at] as Uint8Array, sha256)))
  )
}

function readBlock(bytes: Uint8Array): Block | string {
  try {
    return decodeBlock(bytes)
  } catch (error) {
    if (error instanceof BlockError) return error.message
    throw error
  }
}
