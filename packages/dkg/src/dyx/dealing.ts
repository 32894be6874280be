/**
 * What a dealer broadcasts: commitments to its polynomial, and each member's share in a box.
 */
import { decodeElements, type SealedBoxes } from '@mc/crypto/dkg'
import type { PrimeGroup } from '@mc/crypto/threshold'
import { type Codec, DecodeError, fixedBytes, struct } from '@mc/protocol/wire'

/** A dealing as bytes: commitment ‖ ephemeral key ‖ proof that it is the dealer's own ‖ the boxes of member 0 … n − 1. */
export interface DealingBytes {
  readonly commitment: Uint8Array
  readonly ephemeral: Uint8Array
  readonly possession: Uint8Array
  readonly boxes: Uint8Array
}

/** A dealing whose commitments are elements of the group. */
export interface OpenedDealing<Element> extends DealingBytes {
  readonly elements: readonly Element[]
}

/** What the lengths of a dealing follow from. */
export interface DealingSetting<Element> {
  readonly group: PrimeGroup<Element>
  readonly boxes: SealedBoxes
  readonly n: number
  readonly threshold: number
}

/** Length of the box with one share. */
export const shareBoxBytes = <Element>({
  group,
  boxes,
}: Pick<DealingSetting<Element>, 'group' | 'boxes'>): number => group.scalarBytes + boxes.overheadBytes

/** Length of a dealing. */
export const dealingBytes = <Element>(setting: DealingSetting<Element>): number =>
  setting.threshold * setting.group.elementBytes +
  setting.boxes.publicKeyBytes +
  setting.boxes.possessionBytes +
  setting.n * shareBoxBytes(setting)

/** The codec of dealings; every field has a length that everybody knows. */
export const dealingCodec = <Element>(setting: DealingSetting<Element>): Codec<DealingBytes> =>
  struct({
    commitment: fixedBytes(setting.threshold * setting.group.elementBytes),
    ephemeral: fixedBytes(setting.boxes.publicKeyBytes),
    possession: fixedBytes(setting.boxes.possessionBytes),
    boxes: fixedBytes(setting.n * shareBoxBytes(setting)),
  })

/** Total: undefined unless `payload` is a dealing whose commitments are elements of the group. */
export function openDealing<Element>(
  setting: DealingSetting<Element>,
  payload: Uint8Array,
): OpenedDealing<Element> | undefined {
  const dealing = decoded(dealingCodec(setting), payload)
  const elements = dealing && decodeElements(setting.group, dealing.commitment, setting.threshold)
  return dealing && elements && { ...dealing, elements }
}

function decoded(codec: Codec<DealingBytes>, payload: Uint8Array): DealingBytes | undefined {
  try {
    return codec.decode(payload)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
