/**
 * Many entries at once: every branch on their ways is made once, not once per entry.
 */
import { compareBytes } from '@mc/crypto'
import { bitOf, branchOf, inserted, type Leaf, type Node, nearest, partingBit } from './trie.js'

/** The trie with these leaves in it, each in place of one with the same digest; of equal digests the last one counts. */
export function insertedAll(node: Node | undefined, leaves: readonly Leaf[]): Node | undefined {
  // Sorting is stable: of equal digests the last one stays last.
  const sorted = [...leaves].sort((left, right) => compareBytes(left.digest, right.digest))
  const distinct = sorted.filter((leaf, at) => {
    const next = sorted[at + 1]
    return next === undefined || compareBytes(leaf.digest, next.digest) !== 0
  })
  return merged(node, distinct, 0, distinct.length)
}

/** `sorted[from … to − 1]` ascend by digest, all different. */
function merged(node: Node | undefined, sorted: readonly Leaf[], from: number, to: number): Node | undefined {
  if (from === to) return node
  const first = sorted[from] as Leaf
  if (to - from === 1) return inserted(node, first)
  const among = partingBit(first.digest, (sorted[to - 1] as Leaf).digest)
  if (node === undefined) return split(undefined, undefined, sorted, from, to, among)
  const here = nearest(node, first.digest)
  const apart = partingBit(here.digest, first.digest)
  const parting = apart < 0 ? among : Math.min(among, apart)
  if (node.kind === 'branch' && node.bit <= parting)
    return split(node.left, node.right, sorted, from, to, node.bit)
  return bitOf(here.digest, parting) === 0
    ? split(node, undefined, sorted, from, to, parting)
    : split(undefined, node, sorted, from, to, parting)
}

function split(
  left: Node | undefined,
  right: Node | undefined,
  sorted: readonly Leaf[],
  from: number,
  to: number,
  bit: number,
): Node | undefined {
  let middle = from
  while (middle < to && bitOf((sorted[middle] as Leaf).digest, bit) === 0) middle += 1
  const below = merged(left, sorted, from, middle)
  const above = merged(right, sorted, middle, to)
  if (below === undefined || above === undefined) return below ?? above
  return branchOf(bit, below, above)
}
