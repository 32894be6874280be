import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  bit,
  bytes,
  type Codec,
  digest,
  fromHex,
  hex,
  list,
  optional,
  struct,
  text,
  uint,
  union,
} from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const vectors: { readonly messages: Readonly<Record<string, string>>; readonly samplesHash: string } =
  JSON.parse(readFileSync(new URL('wire.vectors.json', import.meta.url), 'utf8'))

/** One union that uses every combinator: if a byte of it changes, so does the wire format of all packages. */
const message = union({
  propose: { payload: bytes({ max: 1_024 }), note: optional(text({ bytesMax: 64 })) },
  echo: { root: digest },
  bval: { round: uint({ max: 1_000 }), value: bit },
  shares: { items: list(struct({ index: uint(), share: bytes({ max: 64 }) }), { max: 8 }) },
  stop: {},
})

const VALUES: Readonly<Record<string, ReturnType<typeof message.decode>>> = {
  propose: { type: 'propose', payload: Uint8Array.of(1, 2, 3), note: undefined },
  'propose with a note': { type: 'propose', payload: new Uint8Array(200), note: '会议 é 𝄞' },
  echo: { type: 'echo', root: Uint8Array.from({ length: 32 }, (_, at) => at) },
  bval: { type: 'bval', round: 300, value: 1 },
  shares: {
    type: 'shares',
    items: [
      { index: 0, share: Uint8Array.of() },
      { index: Number.MAX_SAFE_INTEGER, share: Uint8Array.of(0xff) },
    ],
  },
  stop: { type: 'stop' },
}

describe('golden vectors', () => {
  test('there is a vector for every value, and no other', () => {
    expect(Object.keys(vectors.messages)).toEqual(Object.keys(VALUES))
  })

  test.each(Object.entries(vectors.messages))('%s', (name, encoded) => {
    const value = VALUES[name] as ReturnType<typeof message.decode>
    expect(hex(message.encode(value))).toBe(encoded)
    expect(message.decode(fromHex(encoded))).toEqual(value)
  })

  test('65,536 generated messages have one hash', () => {
    const hash = createHash('sha256')
    for (let seed = 0; seed < 65_536; seed += 1) hash.update(encodedSample(message, seed))
    expect(hash.digest('hex')).toBe(vectors.samplesHash)
  })
})

function encodedSample(codec: Codec<ReturnType<typeof message.decode>>, seed: number): Uint8Array {
  const filled = (length: number) => new Uint8Array(length).fill(seed)
  switch (seed % 5) {
    case 0:
      return codec.encode({
        type: 'propose',
        payload: filled(seed % 300),
        note: seed % 2 === 0 ? `n${seed}` : undefined,
      })
    case 1:
      return codec.encode({ type: 'echo', root: filled(32) })
    case 2:
      return codec.encode({ type: 'bval', round: seed % 1_000, value: seed % 3 === 0 ? 1 : 0 })
    case 3:
      return codec.encode({ type: 'shares', items: [{ index: seed * seed, share: filled(seed % 64) }] })
    default:
      return codec.encode({ type: 'stop' })
  }
}
