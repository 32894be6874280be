import { decodeProposal, HEADER_BYTES_MAX, type Proposal, proposalCodec } from '@mc/abc'
import { DecodeError } from '@mc/protocol/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const codec = proposalCodec({ operationBytesMax: 1000, operationsMax: 2000 })
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const runs = { seed: 5, numRuns: Number(process.env['MC_SEEDS'] ?? 200) }

test('header behind its length, number of operations, each behind its length', () => {
  const proposal = { header: bytes(9, 8), operations: [bytes(7), bytes(), bytes(6, 5)] }
  expect(codec.encode(proposal)).toEqual(bytes(2, 9, 8, 3, 1, 7, 0, 2, 6, 5))
  expect(codec.decode(codec.encode(proposal))).toEqual(proposal)
})

test('a decoded proposal is what was encoded, and what decodes is its own encoding', () => {
  const proposals = fc.record({
    header: fc.uint8Array({ maxLength: 40 }),
    operations: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
  })
  const plain = ({ header, operations }: Proposal) => [
    [...header],
    operations.map(operation => [...operation]),
  ]
  fc.assert(
    fc.property(proposals, proposal => {
      expect(plain(codec.decode(codec.encode(proposal)))).toEqual(plain(proposal))
    }),
    runs,
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), payload => {
      const proposal = decodeProposal(codec, payload)
      if (proposal !== undefined) expect([...codec.encode(proposal)]).toEqual([...payload])
    }),
    { ...runs, numRuns: 10 * runs.numRuns },
  )
})

test('decoded operations are views into the payload', () => {
  const payload = codec.encode({ header: bytes(1), operations: [bytes(2, 3)] })
  expect(codec.decode(payload).operations[0]?.buffer).toBe(payload.buffer)
})

test.each([
  ['nothing', bytes()],
  ['trailing bytes', bytes(0, 0, 0)],
  ['a header over its cap', bytes(0x81, 0x20)],
  ['too many operations', bytes(0, 0xd1, 0x0f)],
  ['an operation over its cap', bytes(0, 1, 0xe9, 0x07)],
  ['an operation that is cut off', bytes(0, 1, 3, 1, 2)],
  ['a length that is not minimal', bytes(0x80, 0x00, 0)],
])('%s is not a proposal', (_, payload) => {
  expect(() => codec.decode(payload)).toThrow(DecodeError)
  expect(decodeProposal(codec, payload)).toBeUndefined()
})

test('a proposal over its limits is not encoded', () => {
  const encode = (proposal: Proposal) => () => codec.encode(proposal)
  const none = bytes()
  expect(encode({ header: new Uint8Array(HEADER_BYTES_MAX), operations: [] })).not.toThrow()
  expect(encode({ header: new Uint8Array(HEADER_BYTES_MAX + 1), operations: [] })).toThrow(RangeError)
  expect(encode({ header: none, operations: [new Uint8Array(1001)] })).toThrow(
    'need at most 1000 bytes of operation',
  )
  expect(encode({ header: none, operations: Array.from({ length: 2001 }, () => none) })).toThrow(RangeError)
})

test('our own mistakes are not taken for those of a peer', () => {
  const broken = { ...codec, decode: () => undefined as unknown as Proposal }
  broken.decode = () => {
    throw new TypeError('ours')
  }
  expect(() => decodeProposal(broken, bytes())).toThrow(TypeError)
})
