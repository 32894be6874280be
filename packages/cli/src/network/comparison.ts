/**
 * Whether all nodes of a network hold the same ledger.
 */
import type { BlockSummaryJson } from '@mc/node/client'
import type { ApiClient } from '../client/api-client.js'

/** What a comparison found. */
export interface Comparison {
  readonly sameBlocks: boolean
  readonly sameStateRoot: boolean
  /** Blocks that every node holds. */
  readonly epochs: number
  readonly operations: number
  readonly stateRoot: string
  readonly tip: { readonly epoch: number; readonly cid: string } | undefined
}

const PAGE = 1_000

/** How long nodes may take to reach the same block, in ms. */
const LEVEL_MS_MAX = 30_000

/** Compares the CIDs of all blocks and the state roots of all nodes, once they have reached the same epoch. */
export async function compareNodes(clients: readonly ApiClient[]): Promise<Comparison> {
  const statuses = await level(clients)
  const [first] = statuses
  if (first === undefined) throw new RangeError('need at least one node')
  const chains = await Promise.all(clients.map(chainOf))
  const [chain = []] = chains
  return {
    sameBlocks: chains.every(other => isSame(chain, other)),
    sameStateRoot: statuses.every(({ stateRoot }) => stateRoot === first.stateRoot),
    epochs: chain.length,
    operations: first.operations,
    stateRoot: first.stateRoot,
    tip: first.tip,
  }
}

async function level(clients: readonly ApiClient[]) {
  const until = performance.now() + LEVEL_MS_MAX
  for (;;) {
    const statuses = await Promise.all(clients.map(client => client.status()))
    const epochs = new Set(statuses.map(({ nextEpoch }) => nextEpoch))
    const isQuiet = epochs.size === 1 && statuses.every(({ pending }) => pending === 0)
    if (isQuiet || performance.now() > until) return statuses
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function chainOf(client: ApiClient): Promise<readonly BlockSummaryJson[]> {
  const chain: BlockSummaryJson[] = []
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: { readonly blocks: readonly BlockSummaryJson[]; readonly next?: number } =
      await client.blocks(from, PAGE)
    chain.push(...page.blocks)
    from = page.next
  }
  return chain
}

const isSame = (left: readonly BlockSummaryJson[], right: readonly BlockSummaryJson[]): boolean =>
  left.length === right.length &&
  left.every(({ epoch, cid }, at) => epoch === right[at]?.epoch && cid === right[at]?.cid)
