/**
 * What members of a key generation put on the log.
 */
import { bivariateCommitmentLength, type SealedBoxes } from '@mc/crypto/dkg'
import type { PrimeGroup } from '@mc/crypto/threshold'
import { type Committee, fPlus1, type PeerIndex } from '@mc/protocol'
import {
  type Codec,
  codec,
  DecodeError,
  fixedBytes,
  lengthUpTo,
  peerIndex,
  type Reader,
  struct,
  type Writer,
} from '@mc/protocol/wire'

/** A dealer's secret: commitments to its polynomial, and for each member its row in a box. */
export interface DealingOperation {
  readonly type: 'dealing'
  /** Commitments to the coefficients of a symmetric polynomial in two variables, packed. */
  readonly commitment: Uint8Array
  readonly ephemeral: Uint8Array
  /** The boxes of member 0 … n − 1, one after the other. */
  readonly rows: Uint8Array
}

/** Says that the author's rows of these dealings are good, and gives each member its common points with them, in a box. */
export interface AcknowledgementOperation {
  readonly type: 'acknowledgement'
  /** At least one, at most `ACKNOWLEDGED_MAX`, ascending. */
  readonly dealers: readonly PeerIndex[]
  readonly ephemeral: Uint8Array
  /** The boxes of member 0 … n − 1, one after the other; in each one value per dealer. */
  readonly values: Uint8Array
}

/** Most dealings in one acknowledgement: more of them are acknowledged by several, none of which is too large for a log. */
export const ACKNOWLEDGED_MAX = 16

/** Everything that a member may put on the log. */
export type KeyOperation = DealingOperation | AcknowledgementOperation

/** Lengths that follow from committee, group and boxes. */
export interface OperationSizes {
  readonly n: number
  readonly commitmentBytes: number
  readonly ephemeralBytes: number
  readonly rowBoxBytes: number
  /** The box with one value for each of `dealers`. */
  valueBoxBytes(dealers: number): number
  /** The largest operation of all, in bytes, its session included. */
  readonly operationBytesMax: number
}

/** The sizes among n members, f of whom may be faulty. */
export function operationSizes<Element>(
  committee: Pick<Committee, 'n' | 'f'>,
  group: PrimeGroup<Element>,
  boxes: SealedBoxes,
): OperationSizes {
  const { n } = committee
  const threshold = fPlus1(committee)
  const { overheadBytes, publicKeyBytes } = boxes
  const commitmentBytes = bivariateCommitmentLength(threshold) * group.elementBytes
  const rowBoxBytes = threshold * group.scalarBytes + overheadBytes
  const valueBoxBytes = (dealers: number): number => dealers * group.scalarBytes + overheadBytes
  const dealingBytes = commitmentBytes + publicKeyBytes + n * rowBoxBytes
  const most = Math.min(n, ACKNOWLEDGED_MAX)
  const acknowledgementBytes = 3 * (most + 1) + publicKeyBytes + n * valueBoxBytes(most)
  return {
    n,
    commitmentBytes,
    ephemeralBytes: publicKeyBytes,
    rowBoxBytes,
    valueBoxBytes,
    operationBytesMax: 33 + Math.max(dealingBytes, acknowledgementBytes),
  }
}

/** The wire format: kind in one byte, then fields of lengths that everybody knows; only dealers stand behind their number. */
export function operationCodec(sizes: OperationSizes): Codec<KeyOperation> {
  const dealing = struct({
    commitment: fixedBytes(sizes.commitmentBytes),
    ephemeral: fixedBytes(sizes.ephemeralBytes),
    rows: fixedBytes(sizes.n * sizes.rowBoxBytes),
  })
  const acknowledgement = acknowledgementCodec(sizes)
  return codec<KeyOperation>(
    (writer, operation) => {
      writer.u8(operation.type === 'dealing' ? 0 : 1)
      if (operation.type === 'dealing') dealing.write(writer, operation)
      else acknowledgement.write(writer, operation)
    },
    reader => {
      const kind = reader.u8()
      if (kind > 1) throw new DecodeError(`unknown kind ${kind}`)
      return kind === 0
        ? { type: 'dealing', ...dealing.read(reader) }
        : { type: 'acknowledgement', ...acknowledgement.read(reader) }
    },
  )
}

function acknowledgementCodec(sizes: OperationSizes): Codec<Omit<AcknowledgementOperation, 'type'>> {
  const ephemeral = fixedBytes(sizes.ephemeralBytes)
  return codec(
    (writer, value) => {
      writeDealers(writer, value.dealers, sizes.n)
      ephemeral.write(writer, value.ephemeral)
      valuesCodec(sizes, value.dealers.length).write(writer, value.values)
    },
    reader => {
      const dealers = readDealers(reader, sizes.n)
      return {
        dealers,
        ephemeral: ephemeral.read(reader),
        values: valuesCodec(sizes, dealers.length).read(reader),
      }
    },
  )
}

const valuesCodec = ({ n, valueBoxBytes }: OperationSizes, dealers: number): Codec<Uint8Array> =>
  fixedBytes(n * valueBoxBytes(dealers))

function writeDealers(writer: Writer, dealers: readonly PeerIndex[], n: number): void {
  if (!areAscending(dealers)) throw new RangeError('acknowledgement: need dealers, ascending')
  writer.varint(dealers.length)
  for (const dealer of dealers) peerIndex(n).write(writer, dealer)
}

function readDealers(reader: Reader, n: number): readonly PeerIndex[] {
  const count = lengthUpTo(reader, Math.min(n, ACKNOWLEDGED_MAX))
  const dealers = Array.from({ length: count }, () => peerIndex(n).read(reader))
  if (!areAscending(dealers)) throw new DecodeError('dealers are none or not ascending')
  return dealers
}

const areAscending = (dealers: readonly PeerIndex[]): boolean =>
  dealers.length > 0 && dealers.every((dealer, at) => at === 0 || dealer > (dealers[at - 1] as number))

/** The part of a row of boxes that is member `at`'s. */
export const boxAt = (boxes: Uint8Array, at: number, boxBytes: number): Uint8Array =>
  boxes.subarray(at * boxBytes, (at + 1) * boxBytes)
