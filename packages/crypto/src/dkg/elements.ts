/**
 * Rows of group elements as bytes.
 */
import { joined } from '../threshold/framing.js'
import type { PrimeGroup } from '../threshold/prime-group.js'

/**
 * Elements one after the other, each of `elementBytes`.
 *
 * @throws RangeError if one of them is the identity.
 */
export const encodeElements = <Element>(
  group: PrimeGroup<Element>,
  elements: readonly Element[],
): Uint8Array => joined(...elements.map(element => group.encode(element)))

/** Total: undefined unless `bytes` are exactly `count` elements of the group, none of them the identity. */
export function decodeElements<Element>(
  group: PrimeGroup<Element>,
  bytes: Uint8Array,
  count: number,
): readonly Element[] | undefined {
  const { elementBytes } = group
  if (bytes.length !== count * elementBytes) return undefined
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; at += elementBytes) {
    const element = group.decode(bytes.subarray(at, at + elementBytes))
    if (element === undefined) return undefined
    elements.push(element)
  }
  return elements
}
