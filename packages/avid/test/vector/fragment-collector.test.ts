import {
  FragmentCollector,
  fragmentBytes,
  hashVectorCommitment,
  VectorCode,
  type VectorCoding,
} from '@mc/avid'
import { faultsTolerated, type PeerIndex, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { sha256 } from '../parties.js'

const commitment = hashVectorCommitment({ sha256, payloadBytesMax: 1_000 })

/** A committee of n, a vector, its fragments and its root. */
function setting(n: number) {
  const coding: VectorCoding = commitment.among({ n, f: faultsTolerated(n) })
  const code = new VectorCode({ n })
  const { root, proof: vector } = coding.encode(noise(100, n)).shardOf(0)
  return { n, f: faultsTolerated(n), code, coding, root, vector, fragments: code.fragmentsOf(vector) }
}

const wrong = (fragment: Uint8Array): Uint8Array => fragment.map(byte => byte ^ 0x5a)

const members = (n: number): PeerIndex[] => Array.from({ length: n }, (_, index) => peer(index))

test('a fragment is ⌈32 · n / (n − 2f)⌉ bytes, fewer than three hashes', () => {
  for (let n = 1; n <= 255; n += 1) {
    expect(fragmentBytes({ n })).toBe(Math.ceil((32 * n) / (n - 2 * faultsTolerated(n))))
    expect(fragmentBytes({ n })).toBeLessThanOrEqual(96)
  }
})

describe('online error correction', () => {
  test('k right fragments, and none wrong: the vector', () => {
    for (const n of [1, 4, 7, 10]) {
      const { code, coding, root, vector, fragments } = setting(n)
      const collector = new FragmentCollector(code, coding)
      for (const member of members(n).slice(0, code.k)) {
        expect(collector.recover(root)).toBeUndefined()
        collector.add(member, { root, fragment: fragments[member] as Uint8Array })
      }
      expect(collector.recover(root)).toEqual({ vector, fragments })
    }
  })

  test('e wrong fragments, e = 0 … f: the vector with k + 2e fragments, and not before', () => {
    const { n, f, code, coding, root, vector, fragments } = setting(13)
    for (let errors = 0; errors <= f; errors += 1) {
      const collector = new FragmentCollector(code, coding)
      // The wrong ones come first, where they hurt most.
      for (const member of members(n)) {
        const right = fragments[member] as Uint8Array
        collector.add(member, { root, fragment: member < errors ? wrong(right) : right })
        const recovered = collector.recover(root)
        expect(recovered !== undefined).toBe(member + 1 >= code.k + 2 * errors)
        if (recovered !== undefined) expect(recovered.vector).toEqual(vector)
      }
      expect(collector.tries).toBe(errors + 1)
    }
  })

  test('n − f right fragments suffice whatever the other f are', () => {
    for (const n of [4, 6, 7, 12, 16, 31]) {
      const { f, code, coding, root, vector, fragments } = setting(n)
      const collector = new FragmentCollector(code, coding)
      for (const member of members(n)) {
        const right = fragments[member] as Uint8Array
        collector.add(member, { root, fragment: member < f ? wrong(right) : right })
      }
      expect(collector.recover(root)?.vector).toEqual(vector)
    }
  })

  test('the work that liars cause: a root that fewer than k members name costs nothing, any other at most f + 1 tries', () => {
    const { n, f, code, coding, fragments } = setting(13)
    const collector = new FragmentCollector(code, coding)
    const none = new Uint8Array(32)
    // Fragments that hash to no root, all under one: tried again with each second fragment.
    for (const member of members(n)) {
      collector.add(member, { root: none, fragment: fragments[member] as Uint8Array })
      for (let again = 0; again < 3; again += 1) expect(collector.recover(none)).toBeUndefined()
      expect(collector.tries).toBe(member + 1 < code.k ? 0 : 1 + Math.floor((member + 1 - code.k) / 2))
    }
    expect(collector.tries).toBe(f + 1)
  })

  test('the first fragment of a member counts; another one, or another root, is a conflict', () => {
    const { code, coding, root, fragments } = setting(7)
    const collector = new FragmentCollector(code, coding)
    const [first] = fragments as [Uint8Array]
    expect(collector.add(peer(0), { root, fragment: first })).toBe('added')
    expect(collector.add(peer(0), { root, fragment: first.slice() })).toBe('duplicate')
    expect(collector.add(peer(0), { root, fragment: wrong(first) })).toBe('conflict')
    expect(collector.add(peer(0), { root: new Uint8Array(32), fragment: first })).toBe('conflict')
    expect(collector.count(root)).toBe(1)
    expect(collector.isRight(peer(0), fragments)).toBe(true)
  })

  test('fragments of another root do not mix', () => {
    const { n, f, code, coding, root, vector, fragments } = setting(10)
    const collector = new FragmentCollector(code, coding)
    for (const member of members(n)) {
      const fragment = fragments[member] as Uint8Array
      collector.add(
        member,
        member < f ? { root: new Uint8Array(32), fragment: wrong(fragment) } : { root, fragment },
      )
    }
    expect(collector.count(root)).toBe(n - f)
    expect(collector.recover(root)?.vector).toEqual(vector)
    expect(collector.under(root)).toEqual([3, 4, 5, 6, 7, 8, 9])
  })
})
