/**
 * What one member proposes for one epoch: a header of the layer above, and operations.
 */
import { type Codec, codec, DecodeError, lengthUpTo, type Reader, Writer } from '@mc/protocol/wire'

/** The largest header, in bytes. */
export const HEADER_BYTES_MAX = 4096

/** The payload of one proposal. What the header says is the business of whoever builds on this package. */
export interface Proposal {
  readonly header: Uint8Array
  readonly operations: readonly Uint8Array[]
}

/** What a proposal may hold; all members must share it. */
export interface ProposalLimits {
  readonly operationBytesMax: number
  readonly operationsMax: number
}

/**
 * The codec of proposals: the header behind its length, the number of operations, then each operation behind its length.
 *
 * Strict and canonical. Decoded operations are views into the payload. Encoding allocates once.
 */
export function proposalCodec({ operationBytesMax, operationsMax }: ProposalLimits): Codec<Proposal> {
  const proposal = codec<Proposal>(
    (writer, { header, operations }) => {
      checkCount('bytes of header', header.length, HEADER_BYTES_MAX)
      checkCount('operations', operations.length, operationsMax)
      write(writer, header)
      writer.varint(operations.length)
      for (const operation of operations) {
        checkCount('bytes of operation', operation.length, operationBytesMax)
        write(writer, operation)
      }
    },
    reader => {
      const header = read(reader, HEADER_BYTES_MAX)
      const count = lengthUpTo(reader, operationsMax)
      const operations: Uint8Array[] = []
      for (let at = 0; at < count; at += 1) operations.push(read(reader, operationBytesMax))
      return { header, operations }
    },
  )
  return {
    ...proposal,
    encode: value => {
      const writer = new Writer(bytesAtMost(value))
      proposal.write(writer, value)
      return writer.view()
    },
  }
}

/** The most bytes that operations add to a proposal beside their own: each the length before it. */
export const OPERATION_OVERHEAD_BYTES = 8

/** What a proposal is counted as before it is encoded: never less than its encoding. */
const bytesAtMost = ({ header, operations }: Proposal): number =>
  operations.reduce(
    (sum, operation) => sum + operation.length + OPERATION_OVERHEAD_BYTES,
    header.length + 2 * OPERATION_OVERHEAD_BYTES,
  )

/**
 * The proposal in a payload that somebody else made, or undefined if there is none in it.
 *
 * Total: it never throws, whatever the payload.
 */
export function decodeProposal(proposal: Codec<Proposal>, payload: Uint8Array): Proposal | undefined {
  try {
    return proposal.decode(payload)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function write(writer: Writer, value: Uint8Array): void {
  writer.varint(value.length)
  writer.raw(value)
}

const read = (reader: Reader, bytesMax: number): Uint8Array => reader.raw(lengthUpTo(reader, bytesMax))

function checkCount(what: string, count: number, max: number): void {
  if (count > max) throw new RangeError(`proposal: need at most ${max} ${what}, got ${count}`)
}
