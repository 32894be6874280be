import * as dagCbor from '@ipld/dag-cbor'
import { type Block, BlockError, blockCid, decodeBlock, encodeBlock, payloadCid } from '@mc/ledger'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { sha256 } from './network-of.js'
import { vectors } from './vectors.js'

const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const block: Block = {
  version: 1,
  network: digest(1),
  epoch: 300,
  previous: blockCid(utf8('the block before'), sha256),
  configuration: digest(2),
  nextConfiguration: digest(3),
  payloads: [0, 2].map(proposer => ({ proposer, cid: payloadCid(utf8(`payload ${proposer}`), sha256) })),
  time: 1_700_000_000_000,
  clock: 60_000,
  memberTimes: [1, 2, 3, 1_700_000_000_000],
  beacon: digest(6),
  beaconChains: [
    { generation: 1, used: 300, last: digest(7) },
    { generation: 0, used: 0, last: new Uint8Array(0) },
  ],
  operations: 12,
  stateRoot: digest(4),
  seals: [{ epoch: 299, member: 3, signature: new Uint8Array(64).fill(5) }],
}
const bytes = encodeBlock(block)

/** The block's fields with a change, encoded without any check. */
const encodedWith = (change: object): Uint8Array => dagCbor.encode({ ...block, ...change })

const refusalOf = (input: Uint8Array): string => {
  try {
    decodeBlock(input)
    return 'accepted'
  } catch (error) {
    if (error instanceof BlockError) return error.message
    throw error
  }
}

describe('the canonical form', () => {
  test('the golden vector: bytes and CID', () => {
    expect(hex(bytes)).toBe(vectors.block.encoded)
    expect(blockCid(bytes, sha256).toString()).toBe(vectors.block.cid)
  })

  test('decoding gives the block, and encoding it the bytes', () => {
    expect(decodeBlock(bytes)).toEqual(block)
    expect(encodeBlock(decodeBlock(bytes))).toEqual(bytes)
    expect(decodeBlock(encodeBlock({ ...block, previous: null })).previous).toBeNull()
  })

  test('every single changed bit is refused, or makes another block with another CID', () => {
    const cid = blockCid(bytes, sha256).toString()
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 1; bit < 256; bit *= 2) {
        const other = bytes.slice()
        other[at] = other[at]! ^ bit
        if (refusalOf(other) !== 'accepted') continue
        expect(hex(encodeBlock(decodeBlock(other)))).toBe(hex(other))
        expect(blockCid(other, sha256).toString()).not.toBe(cid)
      }
    }
  })

  test('cut off at any byte, or with one behind it, it is refused', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(refusalOf(bytes.subarray(0, length))).not.toBe('accepted')
    }
    expect(refusalOf(Uint8Array.of(...bytes, 0))).toMatch(/^block: not dag-cbor/)
  })
})

describe('what is no block', () => {
  test.each([
    ['an unknown field', { surprise: 1 }, 'block: not in canonical form'],
    [
      'an unknown field of a seal',
      { seals: [{ ...block.seals[0], more: 1 }] },
      'block: not in canonical form',
    ],
    ['another version', { version: 2 }, 'block: version 2, need 1'],
    ['a short digest', { network: new Uint8Array(31) }, 'block: need 32 bytes network'],
    ['a text for a digest', { stateRoot: 'x'.repeat(32) }, 'block: need 32 bytes stateRoot'],
    ['a negative epoch', { epoch: -1 }, 'block: need a number epoch'],
    ['half an epoch', { epoch: 0.5 }, 'block: need a number epoch'],
    ['an epoch over 2^53', { epoch: 2n ** 60n }, 'block: need a number epoch'],
    [
      'a short signature',
      { seals: [{ epoch: 1, member: 1, signature: new Uint8Array(63) }] },
      'need 64 bytes signature',
    ],
    ['payloads that are no list', { payloads: {} }, 'block: need a list payloads'],
    ['nothing for a payload', { payloads: [null] }, 'block: need a map'],
    ['no previous', { previous: 7 }, 'block: need a CID'],
    ['a text among the clocks', { memberTimes: ['x'] }, 'block: need a number 0'],
    [
      'a payload where a block belongs',
      { previous: payloadCid(utf8('x'), sha256) },
      'with the codec of its place',
    ],
    [
      'a block where a payload belongs',
      { payloads: [{ proposer: 0, cid: block.previous }] },
      'with the codec of its place',
    ],
    [
      'a CID by another hash',
      {
        previous: CID.createV1(0x71, {
          ...block.previous!.multihash,
          code: 0x13,
          bytes: Uint8Array.of(0x13, 32, ...digest(0)),
        } as never),
      },
      'block: need a CID',
    ],
  ])('%s', (_, change, reason) => {
    expect(refusalOf(encodedWith(change))).toContain(reason)
  })

  test('a map dressed up as a CID is none, and breaks nothing', () => {
    // The encoder would trip over it as well, so the name of one key is put in afterwards.
    const almost = { '/': 5, bytez: 5, version: 1, multihash: { a: 1 }, code: 1 }
    for (const change of [{ previous: almost }, { payloads: [{ proposer: 0, cid: almost }] }]) {
      const input = fromHex(hex(encodedWith(change)).replace(hex(utf8('bytez')), hex(utf8('bytes'))))
      expect(refusalOf(input)).toBe('block: need a CID')
    }
  })

  test('a missing field is refused, whichever it is', () => {
    for (const name of Object.keys(block)) {
      const { [name as keyof Block]: _, ...rest } = block
      expect(refusalOf(dagCbor.encode(rest))).toMatch(/^block: /)
    }
  })

  test('maps out of order, numbers in a longer form and deep nests are refused', () => {
    const reordered = Uint8Array.of(0xa2, 0x61, 0x62, 0x01, 0x61, 0x61, 0x01)
    for (const input of [reordered, Uint8Array.of(0x18, 0x01), new Uint8Array(100_000).fill(0x81)]) {
      expect(refusalOf(input)).toMatch(/^block: /)
    }
  })

  test('any bytes at all give a block or a BlockError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), input => refusalOf(input).startsWith('block: ')),
      { seed: 6, numRuns: 2_000 },
    )
  })
})
