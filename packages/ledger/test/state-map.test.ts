import { domainHash, seededRng } from '@mc/crypto'
import {
  bytesEntry,
  openStateSnapshot,
  type Proven,
  type StateEntry,
  StateMap,
  type StateProof,
  type StateProofEnd,
  snapshotOfState,
  stateProofCodec,
  verifyStateProof,
} from '@mc/ledger'
import { bytes, hex, list, struct, utf8, Writer } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from './network-of.js'

const runs = { seed: 15, numRuns: Number(process.env['MC_SEEDS'] ?? 200) }
const key = (name: number | string): Uint8Array => utf8(`key ${name}`)
const value = (text: number | string): Uint8Array => utf8(`value ${text}`)

/** Writes and removals of few keys, so that they meet. */
const changes = fc.array(fc.record({ name: fc.nat(40), text: fc.option(fc.nat(5)) }), { maxLength: 120 })
type Changes = readonly { readonly name: number; readonly text: number | null }[]

const keyOf = (entry: StateEntry): Uint8Array => {
  const writer = new Writer()
  entry.writeKey(writer)
  return writer.finish()
}

const set = (map: StateMap, name: number | string, text: number | string): number =>
  map.put(bytesEntry(key(name), value(text)))

function taken(map: StateMap, name: number): boolean {
  const place = map.find(key(name))
  if (place !== undefined) map.remove(place)
  return place !== undefined
}

const held = (map: StateMap, name: number): unknown => {
  const place = map.find(key(name))
  return place === undefined ? undefined : map.at(place).value
}

function applied(all: Changes): { readonly map: StateMap; readonly model: Map<number, number> } {
  const map = new StateMap(sha256)
  const model = new Map<number, number>()
  for (const { name, text } of all) {
    if (text === null) expect(taken(map, name)).toBe(model.delete(name))
    else {
      set(map, name, text)
      model.set(name, text)
    }
  }
  return { map, model }
}

function mapOf(count: number): StateMap {
  const map = new StateMap(sha256)
  for (let at = 0; at < count; at += 1) set(map, at, at)
  return map
}

const shown = (map: StateMap, name: number | string, proof: StateProof): Proven | undefined =>
  verifyStateProof({ root: map.root(), key: key(name), proof }, sha256)

describe('the map', () => {
  test('holds what was written last, and nothing that was taken out', () => {
    fc.assert(
      fc.property(changes, all => {
        const { map, model } = applied(all)
        expect(map.size).toBe(model.size)
        for (let name = 0; name <= 40; name += 1) {
          const expected = model.get(name)
          expect(held(map, name)).toEqual(expected === undefined ? undefined : value(expected))
        }
      }),
      runs,
    )
  })

  test('the root depends on the entries alone, not on how they came about', () => {
    fc.assert(
      fc.property(changes, fc.nat(), (all, seed) => {
        const { map, model } = applied(all)
        const other = new StateMap(sha256)
        const entries = [...model].sort(([a], [b]) => ((a * 7919 + seed) % 41) - ((b * 7919 + seed) % 41))
        for (const [name, text] of entries) set(other, name, text)
        expect(hex(other.root())).toBe(hex(map.root()))
      }),
      runs,
    )
  })

  test('golden roots', () => {
    expect([0, 1, 2, 100].map(count => hex(mapOf(count).root()))).toMatchInlineSnapshot(`
      [
        "67753e0f1b8d9ed14d589795b35c22b509dfcef969b468d22d15ab8a1f38e79f",
        "959fb6679c6ad6b4b87e1f15e75171c7dda087d369b760224a79806e08da758c",
        "d495bc728f0e31d5d349f50e7fb1ef4a4c0cdc8c7587b365d0eb0cfc1e7af57e",
        "812c294e9234dd4a5b393e87d09c42a3ec374949fc07b956828d40ffd2e09741",
      ]
    `)
  })

  test('an entry keeps its place until it is taken out, whatever comes and goes around it', () => {
    fc.assert(
      fc.property(changes, all => {
        const map = new StateMap(sha256)
        const places = new Map<number, number>()
        for (const { name, text } of all) {
          const place = places.get(name)
          if (text !== null) {
            expect(set(map, name, text)).toBe(place ?? map.find(key(name)))
            places.set(name, map.find(key(name))!)
          } else if (place !== undefined) {
            map.remove(place)
            places.delete(name)
          }
          for (const [one, at] of places) expect(hex(keyOf(map.at(at)))).toBe(hex(key(one)))
        }
      }),
      { ...runs, numRuns: Math.min(50, runs.numRuns) },
    )
  })

  test('entries come in the order of their key digests', () => {
    const digests = [...mapOf(300).entries()].map(([, entry]) => hex(sha256(keyOf(entry))))
    expect(digests).toEqual([...digests].sort())
  })

  test('a value that was replaced counts from the next root on, and only what lies above it is hashed again', () => {
    const hashes = { count: 0 }
    const counting = (...parts: Uint8Array[]): Uint8Array => {
      hashes.count += 1
      return sha256(...parts)
    }
    const map = new StateMap(counting)
    const entries = Array.from({ length: 1_000 }, (_, at) => new Counter(at))
    const places = entries.map(entry => map.put(entry))
    const before = hex(map.root())
    hashes.count = 0
    expect(hex(map.root())).toBe(before)
    expect(hashes.count).toBe(1)
    entries[7]!.value = 1
    map.changed(places[7]!)
    entries[7]!.value = 2
    map.changed(places[7]!)
    expect(hex(map.root())).not.toBe(before)
    // The value, the leaf, the branches of its way, and twice the root.
    expect(hashes.count).toBeLessThanOrEqual(4 + 10)
    entries[7]!.value = 0
    map.changed(places[7]!)
    expect(hex(map.root())).toBe(before)
  })
})

/** An entry whose value is replaced. */
class Counter implements StateEntry<number> {
  value = 0
  readonly #name: number

  constructor(name: number) {
    this.#name = name
  }

  writeKey(writer: Writer): void {
    writer.raw(key(this.#name))
  }

  writeValue(writer: Writer, count: number): void {
    writer.varint(count)
  }
}

describe('proofs', () => {
  test('show what is under a key, and that nothing is', () => {
    fc.assert(
      fc.property(changes, all => {
        const { map, model } = applied(all)
        for (let name = 0; name <= 42; name += 1) {
          const proof = stateProofCodec.decode(stateProofCodec.encode(map.prove(key(name))))
          const text = model.get(name)
          expect(shown(map, name, proof)).toEqual(
            text === undefined ? { isPresent: false } : { isPresent: true, value: value(text) },
          )
        }
      }),
      { ...runs, numRuns: Math.min(50, runs.numRuns) },
    )
  })

  test('the empty map proves that it holds nothing', () => {
    const map = new StateMap(sha256)
    expect(shown(map, 1, map.prove(key(1)))).toEqual({ isPresent: false })
  })

  test('a proof of one key shows nothing about another', () => {
    const map = mapOf(20)
    for (let name = 1; name < 20; name += 1) {
      const verdict = shown(map, name, map.prove(key(0)))
      expect(verdict).toBeUndefined()
    }
  })

  test('a key that is there cannot be shown to be absent by another entry', () => {
    const map = mapOf(20)
    const inclusion = map.prove(key(0))
    for (let other = 1; other < 20; other += 1) {
      const end = { type: 'other', keyDigest: sha256(key(other)), valueDigest: sha256(value(other)) } as const
      for (const { steps, size } of [inclusion, map.prove(key(other))]) {
        expect(shown(map, 0, { size, steps, end })).toBeUndefined()
      }
    }
    expect(shown(map, 0, { ...inclusion, end: { type: 'empty' } })).toBeUndefined()
    expect(shown(map, 0, { size: inclusion.size, steps: [], end: { type: 'empty' } })).toBeUndefined()
    const own = { type: 'other', keyDigest: sha256(key(0)), valueDigest: sha256(value(0)) } as const
    expect(shown(map, 0, { ...inclusion, end: own })).toBeUndefined()
  })

  test('a key that is there cannot be shown to be absent by a branch of its way', () => {
    const map = mapOf(200)
    const inclusion = map.prove(key(0))
    const digest = sha256(key(0))
    inclusion.steps.forEach(({ window, slots, siblings }, at) => {
      const steps = inclusion.steps.slice(0, at)
      const slot = slotAt(digest, window)
      const without: StateProofEnd = { type: 'gap', window, slots: slots & ~(1 << slot), hashes: siblings }
      const all = Array.from({ length: siblings.length + 1 }, (_, of) => siblings[of] ?? digest)
      const whole: StateProofEnd = { type: 'gap', window, slots, hashes: all }
      for (const end of [without, whole]) expect(shown(map, 0, { ...inclusion, steps, end })).toBeUndefined()
    })
  })

  test('every way ends at its entry, at another one, or at a gap, and each of these says so', () => {
    const map = mapOf(200)
    const ends = Array.from({ length: 600 }, (_, name) => map.prove(key(name)).end.type)
    expect(ends.slice(0, 200).every(type => type === 'present')).toBe(true)
    expect([...new Set(ends.slice(200))].sort()).toEqual(['gap', 'other'])
    for (let name = 200; name < 600; name += 1) {
      const proof = map.prove(key(name))
      expect(shown(map, name, proof)).toEqual({ isPresent: false })
      if (proof.end.type !== 'gap') continue
      const { hashes, window } = proof.end
      const wrong: readonly StateProofEnd[] = [
        { ...proof.end, hashes: hashes.slice(1) },
        { ...proof.end, hashes: [...hashes].reverse() },
        { ...proof.end, window: window + 1 },
        { ...proof.end, window: -1 },
        { ...proof.end, slots: 15 },
      ]
      for (const end of wrong) expect(shown(map, name, { ...proof, end })).toBeUndefined()
    }
  })

  test('another value, another size, a changed, missing or reordered step: nothing is shown', () => {
    const map = mapOf(200)
    const proof = map.prove(key(7))
    expect(proof.steps.length).toBeGreaterThan(2)
    const step = proof.steps[1]!
    const instead = (other: Partial<typeof step>): StateProof => ({
      ...proof,
      steps: proof.steps.map(one => (one === step ? { ...one, ...other } : one)),
    })
    const wrong: readonly StateProof[] = [
      { ...proof, end: { type: 'present', value: value('other') } },
      { ...proof, size: 201 },
      { ...proof, size: -1 },
      { ...proof, steps: proof.steps.slice(1) },
      { ...proof, steps: [...proof.steps].reverse() },
      instead({ window: step.window + 1 }),
      instead({ window: 1.5 }),
      instead({ slots: 0 }),
      instead({ slots: step.slots ^ 15 }),
      instead({ siblings: [] }),
      instead({ siblings: step.siblings.map(hash => sha256(hash)) }),
      instead({ siblings: step.siblings.map(() => new Uint8Array(31)) }),
      instead({ siblings: [...step.siblings, step.siblings[0]!] }),
    ]
    for (const one of wrong) expect(shown(map, 7, one)).toBeUndefined()
  })

  test('proofs are short: those of a thousand entries have at most 15 steps, and 22 hashes', () => {
    const map = mapOf(1_000)
    for (let at = 0; at < 1_000; at += 1) {
      const { steps } = map.prove(key(at))
      expect(steps.length).toBeLessThanOrEqual(15)
      expect(steps.reduce((sum, { siblings }) => sum + siblings.length, 0)).toBeLessThanOrEqual(22)
    }
  })
})

/** The map by hand, as ADR 0019 has it. */
const slotAt = (digest: Uint8Array, window: number): number =>
  ((digest[window >>> 2] as number) >>> (6 - 2 * (window & 3))) & 3
const leafBy = (name: number): Uint8Array =>
  sha256(Uint8Array.of(0, 0, 0, 0), sha256(key(name)), sha256(value(name)))
const branchBy = (window: number, slots: number, ...hashes: readonly Uint8Array[]): Uint8Array =>
  sha256(Uint8Array.of(1, window, 0, slots), ...hashes)
const rootBy = (size: number, top: Uint8Array): Uint8Array =>
  domainHash(sha256, 'mc/state-map/v2', Uint8Array.of(size), top)

/** Two names whose digests part in the first window, the lower slot first. */
const [low, high] = (() => {
  const names = Array.from({ length: 20 }, (_, name) => name)
  const first = (name: number) => slotAt(sha256(key(name)), 0)
  const other = names.find(name => first(name) !== first(0)) as number
  return first(0) < first(other) ? [0, other] : [other, 0]
})() as readonly [number, number]
const lowSlot = slotAt(sha256(key(low)), 0)
const highSlot = slotAt(sha256(key(high)), 0)
const both = (1 << lowSlot) | (1 << highSlot)

describe('proofs, by hand', () => {
  const shows = (root: Uint8Array, name: number, proof: StateProof): Proven | undefined =>
    verifyStateProof({ root, key: key(name), proof }, sha256)
  const present = (name: number): StateProofEnd => ({ type: 'present', value: value(name) })

  test('a root is made of leaves, branches and the number of entries', () => {
    const map = new StateMap(sha256)
    set(map, low, low)
    expect(hex(map.root())).toBe(hex(rootBy(1, leafBy(low))))
    set(map, high, high)
    expect(hex(map.root())).toBe(hex(rootBy(2, branchBy(0, both, leafBy(low), leafBy(high)))))
  })

  test('the branch above an entry does not show that it is absent', () => {
    const root = rootBy(2, branchBy(0, both, leafBy(low), leafBy(high)))
    const hashes = [leafBy(low), leafBy(high)]
    const end: StateProofEnd = { type: 'gap', window: 0, slots: both, hashes }
    expect(shows(root, low, { size: 2, steps: [], end })).toBeUndefined()
    expect(shows(root, high, { size: 2, steps: [], end })).toBeUndefined()
  })

  test('windows ascend from the top down', () => {
    const inner = branchBy(0, both, leafBy(low), leafBy(high))
    const slots = (1 << slotAt(sha256(key(low)), 0)) | (1 << highSlot)
    const root = rootBy(3, branchBy(0, slots, inner, leafBy(high)))
    const step = { window: 0, slots, siblings: [leafBy(high)] }
    expect(shows(root, low, { size: 3, steps: [step, step], end: present(low) })).toBeUndefined()
    expect(shows(root, low, { size: 3, steps: [step], end: present(low) })).toBeUndefined()
  })

  test('a way goes through a slot that is taken', () => {
    const slots = 15 & ~(1 << lowSlot)
    const siblings = [leafBy(high), leafBy(high)]
    const rank = [0, 1, 2, 3].filter(slot => slot < lowSlot && slot !== lowSlot).length
    const root = rootBy(3, branchBy(0, slots, ...siblings.toSpliced(rank, 0, leafBy(low))))
    expect(
      shows(root, low, { size: 3, steps: [{ window: 0, slots, siblings }], end: present(low) }),
    ).toBeUndefined()
  })

  test('an entry that stands in another’s place has its slots', () => {
    const root = rootBy(2, branchBy(0, both, leafBy(high), leafBy(high)))
    const end: StateProofEnd = {
      type: 'other',
      keyDigest: sha256(key(high)),
      valueDigest: sha256(value(high)),
    }
    const steps = [{ window: 0, slots: both, siblings: [leafBy(high)] }]
    expect(shows(root, low, { size: 2, steps, end })).toBeUndefined()
  })

  test('a branch has as many hashes as slots, and more than one', () => {
    const hashes = [leafBy(low), leafBy(high), leafBy(high)]
    const root = rootBy(3, branchBy(0, both, ...hashes))
    const steps = [{ window: 0, slots: both, siblings: hashes.slice(1) }]
    expect(shows(root, low, { size: 3, steps, end: present(low) })).toBeUndefined()
    const alone = rootBy(1, branchBy(0, 1 << lowSlot, leafBy(low)))
    const step = { window: 0, slots: 1 << lowSlot, siblings: [] }
    expect(shows(alone, low, { size: 1, steps: [step], end: present(low) })).toBeUndefined()
  })
})

describe('snapshots', () => {
  test.each([0, 1, 2, 500, 1_024, 1_025, 5_000])('of %d entries lead to the same map', count => {
    const map = mapOf(count)
    const { manifest, chunkCount, chunk } = snapshotOfState(map)
    const root = map.root()
    set(map, 'later', 'later')
    const reader = openStateSnapshot(manifest, root, sha256)
    expect(reader?.chunkCount).toBe(chunkCount)
    const restored = reader!.restore(Array.from({ length: chunkCount }, (_, index) => chunk(index)))
    expect(hex(restored.root())).toBe(hex(root))
    expect(restored.size).toBe(count)
  })

  test('what is replaced or taken out afterwards is in them as it was', () => {
    const map = new StateMap(sha256)
    const entries = Array.from({ length: 2_000 }, (_, at) => new Counter(at))
    const places = entries.map(entry => map.put(entry))
    const root = map.root()
    const { manifest, chunkCount, chunk } = snapshotOfState(map)
    for (const [at, entry] of entries.entries()) {
      entry.value = at
      if (at % 2 === 0) map.changed(places[at]!)
      else map.remove(places[at]!)
    }
    const restored = openStateSnapshot(manifest, root, sha256)!.restore(
      Array.from({ length: chunkCount }, (_, index) => chunk(index)),
    )
    expect(hex(restored.root())).toBe(hex(root))
  })

  test('a manifest that does not lead to the root is not opened', () => {
    const map = mapOf(3_000)
    const { manifest } = snapshotOfState(map)
    expect(openStateSnapshot(manifest, sha256(map.root()), sha256)).toBeUndefined()
    const rng = seededRng('manifests', sha256)
    for (let at = 0; at < 200; at += 1) {
      const other = manifest.slice()
      other[rng.below(other.length)]! ^= 1 << rng.below(8)
      expect(openStateSnapshot(other, map.root(), sha256)).toBeUndefined()
    }
    expect(openStateSnapshot(rng.bytes(50), map.root(), sha256)).toBeUndefined()
  })

  test('a chunk that is not the one of its place is not accepted', () => {
    const map = mapOf(3_000)
    const { manifest, chunk } = snapshotOfState(map)
    const reader = openStateSnapshot(manifest, map.root(), sha256)!
    expect(reader.accepts(0, chunk(1))).toBe(false)
    expect(reader.accepts(-1, chunk(0))).toBe(false)
    expect(reader.accepts(4, chunk(0))).toBe(false)
    const rng = seededRng('chunks', sha256)
    const whole = chunk(2)
    for (let at = 0; at < 50; at += 1) {
      const other = whole.slice()
      other[rng.below(other.length)]! ^= 1 << rng.below(8)
      expect(reader.accepts(2, other)).toBe(false)
    }
    expect(() => reader.restore([whole])).toThrow(RangeError)
    const chunks = [0, 1, 2, 3].map(index => chunk(index))
    expect(reader.restore(chunks).size).toBe(3_000)
    expect(() => reader.restore(chunks.with(0, chunk(1)))).toThrow(RangeError)
    expect(() => reader.restore(chunks.with(0, Uint8Array.of(0)))).toThrow(RangeError)
    expect(() => reader.restore([...chunks, Uint8Array.of(0)])).toThrow(RangeError)
  })

  test('an entry belongs to one chunk: its neighbour cannot bring it', () => {
    const map = mapOf(3_000)
    const { manifest, chunk, chunkCount } = snapshotOfState(map)
    const reader = openStateSnapshot(manifest, map.root(), sha256)!
    const pairs = list(struct({ key: bytes({ max: 100 }), value: bytes({ max: 100 }) }), { max: 10_000 })
    const chunks = Array.from({ length: chunkCount }, (_, index) => pairs.decode(chunk(index)))
    const [first, second, ...rest] = chunks as [(typeof chunks)[0], (typeof chunks)[0], ...typeof chunks]
    const moved = [first.slice(0, -1), [...first.slice(-1), ...second], ...rest].map(one => pairs.encode(one))
    expect(reader.accepts(1, moved[1]!)).toBe(false)
    expect(() => reader.restore(moved)).toThrow(RangeError)
  })

  test('the entries of a chunk stand in order, none of them twice', () => {
    const map = mapOf(3)
    const { manifest, chunk } = snapshotOfState(map)
    const reader = openStateSnapshot(manifest, map.root(), sha256)!
    const [count, ...rest] = chunk(0)
    const each = rest.length / 3
    const entry = (at: number): readonly number[] => rest.slice(at * each, (at + 1) * each)
    const of = (...order: readonly number[]): Uint8Array =>
      Uint8Array.from([order.length, ...order.flatMap(entry)])
    expect(count).toBe(3)
    expect(reader.accepts(0, of(0, 1, 2))).toBe(true)
    for (const order of [
      [1, 0, 2],
      [0, 1, 1, 2],
      [0, 1],
      [2, 1, 0],
    ]) {
      expect(reader.accepts(0, of(...order))).toBe(false)
      expect(() => reader.restore([of(...order)])).toThrow(RangeError)
    }
  })
})
