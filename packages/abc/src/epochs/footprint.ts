/** What a value costs beside its bytes: an object header, or a slot in one. */
const SLOT_BYTES = 16

/**
 * About how many bytes of memory a message holds: its byte strings in full, and a slot for each other value in it.
 *
 * An estimate to count against a cap, so that no message has to be encoded for being counted. Messages are trees of plain
 * objects, arrays, numbers, strings and byte strings, and as deep as their type.
 */
export function footprint(value: unknown): number {
  if (value instanceof Uint8Array) return SLOT_BYTES + value.length
  if (typeof value === 'string') return SLOT_BYTES + 2 * value.length
  if (typeof value !== 'object' || value === null) return SLOT_BYTES
  let bytes = SLOT_BYTES
  for (const name in value) bytes += footprint((value as Record<string, unknown>)[name])
  return bytes
}
