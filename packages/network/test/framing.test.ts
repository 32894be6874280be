import { FRAME_BYTES_LIMIT, FrameReader, framePrefix, SIGNAL, signalPrefix } from '@mc/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const RUNS = Number(process.env['MC_SEEDS'] ?? 300)
const SEED = 7

interface Read {
  readonly found: (Uint8Array | number)[]
  readonly reader: FrameReader
}

function reading(frameBytesMax: number): Read {
  const found: (Uint8Array | number)[] = []
  const sink = { onFrame: (frame: Uint8Array) => found.push(frame), onSignal: (n: number) => found.push(n) }
  return { found, reader: new FrameReader(frameBytesMax, sink) }
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]))
const encoded = (item: Uint8Array | number): Uint8Array =>
  typeof item === 'number' ? signalPrefix(item) : concat([framePrefix(item.length), item])

const item = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom<number>(SIGNAL.welcome, SIGNAL.ping, SIGNAL.pong),
)

test('any chunking of a stream gives the same frames and signals', () => {
  const property = fc.property(fc.array(item), fc.array(fc.integer({ min: 0, max: 50 })), (items, cuts) => {
    const bytes = concat(items.map(encoded))
    const { found, reader } = reading(40)
    let at = 0
    for (const cut of [...cuts, bytes.length]) {
      expect(reader.push(bytes.subarray(at, at + cut))).toBeUndefined()
      at = Math.min(bytes.length, at + cut)
    }
    expect(found).toEqual(items)
    expect(reader.partial).toBe(false)
    expect(reader.framesRead).toBe(items.filter(one => typeof one !== 'number').length)
  })
  fc.assert(property, { numRuns: RUNS, seed: SEED })
})

test('no bytes whatsoever make the reader throw, and no frame is longer than the cap', () => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), chunks => {
    const { found, reader } = reading(20)
    for (const chunk of chunks) reader.push(chunk)
    for (const one of found) if (typeof one !== 'number') expect(one.length).toBeLessThanOrEqual(20)
  })
  fc.assert(property, { numRuns: RUNS, seed: SEED })
})

test('a frame longer than the cap is refused by its prefix alone, and the reader stays refused', () => {
  const { found, reader } = reading(1_000)
  expect(reader.push(framePrefix(1_001))).toEqual({
    rule: 'network/frame-too-long',
    detail: '1001 bytes announced, at most 1000',
  })
  expect(reader.partial).toBe(false)
  expect(reader.push(encoded(Uint8Array.of(1)))?.rule).toBe('network/frame-too-long')
  expect(found).toEqual([])
})

test('a signal that nobody sends is refused', () => {
  for (const signal of [0, 4, 255])
    expect(reading(9).reader.push(signalPrefix(signal))?.rule).toBe('network/bad-signal')
})

test('a chunk is not kept: changing it afterwards does not change the frame', () => {
  const { found, reader } = reading(10)
  const chunk = encoded(Uint8Array.of(1, 2, 3))
  reader.push(chunk)
  chunk.fill(0)
  expect(found).toEqual([Uint8Array.of(1, 2, 3)])
})

test('a reader that was stopped hands out nothing more, not even from the chunk at hand', () => {
  const frames: Uint8Array[] = []
  const reader: FrameReader = new FrameReader(10, {
    onFrame: frame => {
      frames.push(frame)
      reader.stop()
    },
    onSignal: () => undefined,
  })
  reader.push(concat([encoded(Uint8Array.of(1)), encoded(Uint8Array.of(2))]))
  expect(frames).toEqual([Uint8Array.of(1)])
})

test('half a prefix and half a body count as a partial frame', () => {
  const { reader } = reading(10)
  reader.push(Uint8Array.of(0, 0))
  expect(reader.partial).toBe(true)
  reader.push(Uint8Array.of(0, 2, 9))
  expect(reader.partial).toBe(true)
  reader.push(Uint8Array.of(9))
  expect(reader.partial).toBe(false)
})

test('the wire: a length of four bytes, the highest byte first; signals above all lengths', () => {
  expect(framePrefix(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4))
  expect(signalPrefix(SIGNAL.welcome)).toEqual(Uint8Array.of(255, 255, 255, 1))
  expect(signalPrefix(SIGNAL.ping)).toEqual(Uint8Array.of(255, 255, 255, 2))
  expect(signalPrefix(SIGNAL.pong)).toEqual(Uint8Array.of(255, 255, 255, 3))
})

test('a cap that the format cannot carry is the mistake of the caller', () => {
  for (const cap of [-1, 1.5, FRAME_BYTES_LIMIT + 1, Number.NaN])
    expect(() => reading(cap)).toThrow(RangeError)
})
