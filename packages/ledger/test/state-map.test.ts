import { seededRng } from '@mc/crypto'
import {
  openStateSnapshot,
  type Proven,
  StateMap,
  type StateProof,
  snapshotOfState,
  stateProofCodec,
  verifyStateProof,
} from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from './network-of.js'

const runs = { seed: 15, numRuns: Number(process.env['MC_SEEDS'] ?? 200) }
const key = (name: number | string): Uint8Array => utf8(`key ${name}`)
const value = (text: number | string): Uint8Array => utf8(`value ${text}`)

/** Writes and removals of few keys, so that they meet. */
const changes = fc.array(fc.record({ name: fc.nat(40), text: fc.option(fc.nat(5)) }), { maxLength: 120 })
type Changes = readonly { readonly name: number; readonly text: number | null }[]

function applied(all: Changes): { readonly map: StateMap; readonly model: Map<number, number> } {
  const map = new StateMap(sha256)
  const model = new Map<number, number>()
  for (const { name, text } of all) {
    if (text === null) expect(map.delete(key(name))).toBe(model.delete(name))
    else {
      map.set(key(name), value(text))
      model.set(name, text)
    }
  }
  return { map, model }
}

function mapOf(count: number): StateMap {
  const map = new StateMap(sha256)
  for (let at = 0; at < count; at += 1) map.set(key(at), value(at))
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
          expect(map.get(key(name))).toEqual(expected === undefined ? undefined : value(expected))
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
        for (const [name, text] of entries) other.set(key(name), value(text))
        expect(hex(other.root())).toBe(hex(map.root()))
      }),
      runs,
    )
  })

  test('many entries at once are the same as one after the other', () => {
    fc.assert(
      fc.property(changes, changes, (before, all) => {
        const { map } = applied(before)
        const entries = all.flatMap(({ name, text }) =>
          text === null ? [] : [[key(name), value(text)] as const],
        )
        const bulk = map.fork()
        bulk.setAll(entries)
        for (const [name, text] of entries) map.set(name, text)
        expect(hex(bulk.root())).toBe(hex(map.root()))
        expect(bulk.size).toBe(map.size)
      }),
      runs,
    )
  })

  test('golden roots', () => {
    expect([0, 1, 2, 100].map(count => hex(mapOf(count).root()))).toMatchInlineSnapshot(`
      [
        "5df65781d4ec2b47da414f926fed3b47387d0a234404e0588299bc3779a61fb6",
        "e4d5b2a296c15f3cdb800f9aa98eb220f605368abe104b5307a5f236c0746a97",
        "bb6985f708314014b0c5b2dda6865a7a07112ad5486a30a7dbad5c705daf08ef",
        "93efaf2a6443aa58e955244deebcd6c7e96e209fe005bccf38377ba06979fd79",
      ]
    `)
  })

  test('a fork goes its own way', () => {
    const map = mapOf(10)
    const before = hex(map.root())
    const fork = map.fork()
    fork.set(key(3), value('changed'))
    fork.delete(key(4))
    expect(hex(map.root())).toBe(before)
    expect([...map.entries()]).toHaveLength(10)
    expect(fork.size).toBe(9)
  })
})

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
    const own = { type: 'other', keyDigest: sha256(key(0)), valueDigest: sha256(value(0)) } as const
    expect(shown(map, 0, { ...inclusion, end: own })).toBeUndefined()
  })

  test('another value, another size, a changed, missing or reordered step: nothing is shown', () => {
    const map = mapOf(200)
    const proof = map.prove(key(7))
    expect(proof.steps.length).toBeGreaterThan(3)
    const step = proof.steps[1]!
    const wrong: readonly StateProof[] = [
      { ...proof, end: { type: 'present', value: value('other') } },
      { ...proof, size: 201 },
      { ...proof, size: -1 },
      { ...proof, steps: proof.steps.slice(1) },
      { ...proof, steps: [...proof.steps].reverse() },
      { ...proof, steps: proof.steps.map(one => (one === step ? { ...one, bit: one.bit + 1 } : one)) },
      {
        ...proof,
        steps: proof.steps.map(one => (one === step ? { ...one, sibling: sha256(one.sibling) } : one)),
      },
      {
        ...proof,
        steps: proof.steps.map(one => (one === step ? { ...one, sibling: new Uint8Array(31) } : one)),
      },
    ]
    for (const one of wrong) expect(shown(map, 7, one)).toBeUndefined()
  })

  test('proofs are short: a thousand entries need at most 30 steps', () => {
    const map = mapOf(1_000)
    for (let at = 0; at < 1_000; at += 1) expect(map.prove(key(at)).steps.length).toBeLessThanOrEqual(30)
  })
})

describe('snapshots', () => {
  test.each([0, 1, 2, 500, 1_024, 1_025, 5_000])('of %d entries lead to the same map', count => {
    const map = mapOf(count)
    const { manifest, chunkCount, chunk } = snapshotOfState(map, sha256)
    const root = map.root()
    map.set(key('later'), value('later'))
    const reader = openStateSnapshot(manifest, root, sha256)
    expect(reader?.chunkCount).toBe(chunkCount)
    const restored = reader!.restore(Array.from({ length: chunkCount }, (_, index) => chunk(index)))
    expect(hex(restored.root())).toBe(hex(root))
    expect(restored.size).toBe(count)
  })

  test('a manifest that does not lead to the root is not opened', () => {
    const map = mapOf(3_000)
    const { manifest } = snapshotOfState(map, sha256)
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
    const { manifest, chunk } = snapshotOfState(map, sha256)
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
  })
})
