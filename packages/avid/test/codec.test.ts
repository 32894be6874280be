import { readFileSync } from 'node:fs'
import {
  avidDispersal,
  avidMDispersal,
  avidMRetrieval,
  avidRetrieval,
  type CommittedShard,
  hashVectorCommitment,
  merkleCommitment,
  nearOptimalDispersal,
  nearOptimalRetrieval,
  VectorCode,
} from '@mc/avid'
import { committee } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noise, numRuns } from './bytes.js'
import { sha256 } from './parties.js'

const vectors: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL('wire.vectors.json', import.meta.url), 'utf8'),
)

const commitment = merkleCommitment({ sha256, payloadBytesMax: 100 })
const shard: CommittedShard = commitment
  .among(committee({ n: 4, self: 0 }))
  .encode(noise(20, 1))
  .shardOf(2)

const vectorCommitment = hashVectorCommitment({ sha256, payloadBytesMax: 100 })
const vectorShard = vectorCommitment
  .among(committee({ n: 4, self: 0 }))
  .encode(noise(20, 1))
  .shardOf(2)
const fragment = {
  root: vectorShard.root,
  fragment: new VectorCode({ n: 4 }).fragmentsOf(vectorShard.proof)[2] as Uint8Array,
}

const unions = [
  ['dispersal/avid', avidDispersal({ commitment }), ['val', 'echo', 'ready']],
  ['dispersal/avid-m', avidMDispersal({ commitment }), ['chunk', 'gotchunk', 'ready']],
  [
    'dispersal/near-optimal',
    nearOptimalDispersal({ commitment: vectorCommitment }),
    ['near-chunk', 'near-echo', 'near-vote', 'near-ready'],
  ],
  [
    'retrieval/near-optimal',
    nearOptimalRetrieval({ commitment: vectorCommitment }),
    ['request', 'near-piece'],
  ],
  ['retrieval/avid', avidRetrieval({ commitment }), ['retrieve', 'shard']],
  ['retrieval/avid-m', avidMRetrieval({ commitment }), ['requestchunk', 'returnchunk']],
] as const

const withShard = ['val', 'echo', 'chunk', 'shard', 'returnchunk']
const withRoot = ['ready', 'gotchunk']
const messageOf = (name: string) => {
  const type = name.replace('near-', '')
  if (type === 'chunk' && name !== type) return { type, ...fragment, shard: vectorShard.shard }
  if (type === 'piece') return { type, ...fragment, shard: vectorShard.shard }
  if (name !== type) return { type, ...fragment }
  if (withShard.includes(type)) return { type, ...shard }
  return withRoot.includes(type) ? { type, root: shard.root } : { type }
}

describe.each(unions)('%s', (name, definition, kinds) => {
  const codec = definition.codec({ n: 4 }) as unknown as Codec<{ type: string }>

  test('the bytes of each message stay what they are', () => {
    const encoded = Object.fromEntries(kinds.map(type => [type, hex(codec.encode(messageOf(type)))]))
    expect(encoded).toEqual(vectors[name])
  })

  test('each message comes back as it went', () => {
    for (const type of kinds) expect(codec.decode(codec.encode(messageOf(type)))).toEqual(messageOf(type))
  })

  test('any bytes are either refused or the one encoding of what they decode to', () => {
    const mutated = fc
      .record({
        type: fc.constantFrom(...kinds),
        at: fc.nat(),
        to: fc.nat({ max: 255 }),
        cut: fc.nat({ max: 3 }),
      })
      .map(({ type, at, to, cut }) => {
        const bytes = codec.encode(messageOf(type))
        bytes[at % bytes.length] = to
        return cut === 0 ? bytes.subarray(0, at % bytes.length) : bytes
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), bytes => {
        let message: { type: string }
        try {
          message = codec.decode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
          return
        }
        expect(hex(codec.encode(message))).toBe(hex(bytes))
      }),
      { seed: 6, numRuns: numRuns(500) },
    )
  })

  test('nothing may follow a message, and no kind is unknown', () => {
    for (const type of kinds) {
      const bytes = codec.encode(messageOf(type))
      expect(() => codec.decode(new Uint8Array([...bytes, 0]))).toThrow(DecodeError)
    }
    expect(() => codec.decode(Uint8Array.of(kinds.length))).toThrow(DecodeError)
  })
})

describe('a shard on the wire', () => {
  const codec = avidDispersal({ commitment }).codec({ n: 4 })
  // L = ⌈(4 + 100) / 2⌉ = 52, two siblings in the proof.
  const message = (length: number, proofBytes = 64) =>
    fromHex(
      `01${'00'.repeat(32)}`.concat(hex(Uint8Array.of(length)), '11'.repeat(length), '22'.repeat(proofBytes)),
    )

  test('is as long as the largest payload makes it, and no longer', () => {
    expect(codec.decode(message(52))).toMatchObject({ type: 'echo' })
    expect(() => codec.decode(message(53))).toThrow(DecodeError)
  })

  test('has a proof of exactly the depth of the tree', () => {
    expect(() => codec.decode(message(52, 32))).toThrow(DecodeError)
    expect(() => codec.decode(message(52, 96))).toThrow(DecodeError)
  })

  test('a declared length of 2 GiB is refused before anything is allocated', () => {
    const giant = fromHex(`01${'00'.repeat(32)}8080808008`)
    expect(() => codec.decode(giant)).toThrow('length 2147483648 over 52')
  })
})
