/**
 * Small changes of plain values: the lies that are nearest to the truth find the most.
 */
import type { Random } from './random.js'

/** A place in a value whose content can be changed: a number, a boolean or a byte string. */
interface Leaf {
  readonly path: readonly (string | number)[]
  readonly value: number | boolean | Uint8Array
}

/** The same shape with one thing changed for certain: byte strings before booleans before numbers, the last of them. */
export function otherValue<T>(value: T): T {
  const leaves = leavesOf(value)
  const chosen =
    leaves.findLast(leaf => leaf.value instanceof Uint8Array) ??
    leaves.findLast(leaf => typeof leaf.value === 'boolean') ??
    leaves.at(-1)
  return chosen === undefined ? value : replaced(value, chosen.path, 0, otherLeaf(chosen.value))
}

/** The same shape with one number ± 1, one bit flipped or one boolean negated. */
export function mutated<T>(value: T, random: Random): T {
  const leaves = leavesOf(value)
  if (leaves.length === 0) return value
  const { path, value: leaf } = random.pick(leaves)
  return replaced(value, path, 0, mutatedLeaf(leaf, random))
}

/** The same message with one leaf taken from another message of the same kind at the same place, if there is such a leaf. */
export function grafted<T>(value: T, donor: T, random: Random): T {
  const scions = leavesOf(donor)
  const leaves = leavesOf(value).filter(({ path, value: leaf }) =>
    scions.some(scion => samePath(scion.path, path) && typeof scion.value === typeof leaf),
  )
  if (leaves.length === 0) return value
  const { path } = random.pick(leaves)
  const scion = scions.find(candidate => samePath(candidate.path, path)) as Leaf
  return replaced(value, path, 0, scion.value)
}

const samePath = (a: readonly (string | number)[], b: readonly (string | number)[]): boolean =>
  a.length === b.length && a.every((step, at) => step === b[at])

function leavesOf(value: unknown, path: readonly (string | number)[] = [], leaves: Leaf[] = []): Leaf[] {
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof Uint8Array) {
    leaves.push({ path, value })
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) leavesOf(item, [...path, at], leaves)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) leavesOf(field, [...path, name], leaves)
  }
  return leaves
}

/** A copy of `value` with another leaf at `path`; everything beside the path is shared. */
function replaced<T>(value: T, path: readonly (string | number)[], at: number, leaf: Leaf['value']): T {
  const step = path[at]
  if (step === undefined) return leaf as T
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? replaced(item, path, at + 1, leaf) : item)) as T
  }
  const fields = value as Record<string, unknown>
  return { ...fields, [step]: replaced(fields[step], path, at + 1, leaf) } as T
}

function otherLeaf(leaf: Leaf['value']): Leaf['value'] {
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'number') return leaf === 0 ? 1 : leaf === 1 ? 0 : leaf + 1
  return leaf.length === 0 ? Uint8Array.of(1) : leaf.map((byte, at) => (at === 0 ? byte ^ 1 : byte))
}

function mutatedLeaf(leaf: Leaf['value'], random: Random): Leaf['value'] {
  if (typeof leaf === 'boolean') return !leaf
  if (typeof leaf === 'number') return random.bit() === 1 ? leaf + 1 : leaf > 0 ? leaf - 1 : 1
  return withFlippedBit(leaf, random)
}

/** The same bytes but for one bit; one byte if there was none. */
export function withFlippedBit(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.below(256))
  const bit = random.below(8 * bytes.length)
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}
