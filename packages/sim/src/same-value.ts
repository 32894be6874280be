/** Whether two plain values (numbers, strings, byte strings, lists, maps, sets, records) have the same content. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array) return sameBytes(a, b)
  if (Array.isArray(a) || Array.isArray(b)) return sameItems(a, b)
  if (isCollection(a) || isCollection(b)) {
    return (
      isCollection(a) && isCollection(b) && a instanceof Map === b instanceof Map && sameItems([...a], [...b])
    )
  }
  return sameFields(a as Record<string, unknown>, b as Record<string, unknown>)
}

const isCollection = (value: object): value is Map<unknown, unknown> | Set<unknown> =>
  value instanceof Map || value instanceof Set

function sameBytes(a: object, b: object): boolean {
  if (!(a instanceof Uint8Array && b instanceof Uint8Array) || a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}

const sameItems = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) &&
  Array.isArray(b) &&
  a.length === b.length &&
  a.every((item, at) => sameValue(item, b[at]))

function sameFields(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every(name => name in b && sameValue(a[name], b[name]))
  )
}
