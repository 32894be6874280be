import {
  consistencyProof,
  inclusionProof,
  logLeafHash,
  MerkleLog,
  merkleLogRoot,
  verifyConsistency,
  verifyInclusion,
} from '@mc/crypto'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatenated, mth, path, sha256, subproof } from './reference.js'

/** The entries and roots that implementations of Certificate Transparency share. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leafHashesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => logLeafHash(utf8(`entry ${index}`), sha256))
const MANY = leafHashesOf(70)
const rootOf = (size: number): Uint8Array => mth(MANY.slice(0, size))

describe('RFC 6962, section 2.1: roots', () => {
  test('the root of the empty log is the hash of nothing', () => {
    expect(new MerkleLog(sha256).root()).toEqual(sha256())
    expect(merkleLogRoot([], sha256)).toEqual(sha256())
  })

  test('the roots of the eight well-known entries', () => {
    const log = new MerkleLog(sha256)
    const roots = ENTRIES.map(entry => {
      log.append(fromHex(entry))
      return hex(log.root())
    })
    expect(roots).toEqual(ROOTS)
  })

  test('appending gives the root of the definition at every size', () => {
    const log = new MerkleLog(sha256)
    for (let size = 1; size <= MANY.length; size += 1) {
      log.appendLeafHash(MANY[size - 1]!)
      expect(log.size).toBe(size)
      expect(log.root()).toEqual(rootOf(size))
      expect(merkleLogRoot(MANY.slice(0, size), sha256)).toEqual(rootOf(size))
    }
  })

  test('appending n entries takes fewer than 2n hashes', () => {
    let calls = 0
    const log = new MerkleLog((...parts) => {
      calls += 1
      return sha256(...parts)
    })
    for (let count = 0; count < 1_000; count += 1) log.append(Uint8Array.of(count))
    expect(calls).toBeLessThan(2_000)
  })

  test('append returns the leaf hash, and a wrong leaf hash is refused', () => {
    expect(new MerkleLog(sha256).append(utf8('x'))).toEqual(sha256(Uint8Array.of(0), utf8('x')))
    for (const length of [0, 31, 33]) {
      expect(() => new MerkleLog(sha256).appendLeafHash(new Uint8Array(length))).toThrow(RangeError)
    }
  })

  test('the log keeps copies: what it was given or has given out may change', () => {
    const log = new MerkleLog(sha256)
    const given = Buffer.from(MANY[0]!)
    log.appendLeafHash(given)
    given.fill(0)
    log.root().fill(0)
    log.snapshot().peaks.fill(0)
    expect(log.root()).toEqual(MANY[0])
    log.appendLeafHash(MANY[1]!)
    expect(log.root()).toEqual(rootOf(2))
  })
})

describe('snapshots', () => {
  test('a log restored at any size goes on as if it had never stopped', () => {
    for (let size = 0; size < 40; size += 1) {
      const log = new MerkleLog(sha256)
      for (const leafHash of MANY.slice(0, size)) log.appendLeafHash(leafHash)
      const { peaks } = log.snapshot()
      expect(peaks).toHaveLength(32 * size.toString(2).replaceAll('0', '').length)
      const restored = MerkleLog.restore({ size, peaks: Buffer.from(peaks) }, sha256)
      expect(restored.root()).toEqual(log.root())
      for (const leafHash of MANY.slice(size, size + 5)) restored.appendLeafHash(leafHash)
      expect(restored.root()).toEqual(rootOf(size + 5))
      expect(restored.size).toBe(size + 5)
    }
  })

  test('sizes beyond 32 bits work', () => {
    const log = MerkleLog.restore({ size: 2 ** 40, peaks: MANY[0]! }, sha256)
    log.appendLeafHash(MANY[1]!)
    expect(log.snapshot()).toEqual({ size: 2 ** 40 + 1, peaks: concatenated([MANY[0]!, MANY[1]!]) })
  })

  test('a snapshot whose peaks do not fit its size is refused', () => {
    for (const [size, count] of [
      [1, 0],
      [1, 2],
      [2, 2],
      [3, 1],
      [0, 1],
      [-1, 1],
      [0.5, 0],
      [2 ** 53, 1],
    ]) {
      expect(() => MerkleLog.restore({ size: size!, peaks: new Uint8Array(32 * count!) }, sha256)).toThrow(
        RangeError,
      )
    }
    expect(() => MerkleLog.restore({ size: 1, peaks: new Uint8Array(31) }, sha256)).toThrow(RangeError)
  })
})

describe('RFC 6962, section 2.1.1: inclusion', () => {
  test('the path of the definition, for every entry of every size', () => {
    for (let size = 1; size <= 34; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof({ leafHashes: MANY, index, size }, sha256)
        expect(proof).toEqual(concatenated(path(index, MANY.slice(0, size))))
        expect(
          verifyInclusion({ root: rootOf(size), index, size, leafHash: MANY[index]!, proof }, sha256),
        ).toBe(true)
      }
    }
  })

  test('the well-known path of the first of eight entries', () => {
    const leafHashes = ENTRIES.map(entry => logLeafHash(fromHex(entry), sha256))
    expect(hex(inclusionProof({ leafHashes, index: 0 }, sha256)).match(/.{64}/g)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
  })

  test('another index, size, leaf, or a proof cut or extended is refused', () => {
    for (const size of [1, 2, 3, 5, 7, 8, 12]) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof({ leafHashes: MANY, index, size }, sha256)
        const claim = { root: rootOf(size), index, size, leafHash: MANY[index]!, proof }
        for (let other = 0; other <= size; other += 1) {
          if (other !== index) expect(verifyInclusion({ ...claim, index: other }, sha256)).toBe(false)
          if (other !== index)
            expect(verifyInclusion({ ...claim, leafHash: MANY[other]! }, sha256)).toBe(false)
        }
        for (const more of [1, 31, 32, 64]) {
          const longer = Uint8Array.from([...proof, ...new Uint8Array(more)])
          expect(verifyInclusion({ ...claim, proof: longer }, sha256)).toBe(false)
          if (more <= proof.length) {
            expect(verifyInclusion({ ...claim, proof: proof.subarray(more) }, sha256)).toBe(false)
            expect(verifyInclusion({ ...claim, proof: proof.subarray(0, -more) }, sha256)).toBe(false)
          }
        }
        for (const odd of [-1, 0.5, Number.NaN, 2 ** 53]) {
          expect(verifyInclusion({ ...claim, index: odd }, sha256)).toBe(false)
          expect(verifyInclusion({ ...claim, size: odd }, sha256)).toBe(false)
        }
      }
    }
  })

  test('a leaf hash, like every root, is 32 bytes', () => {
    for (const length of [0, 31, 33, 64]) {
      const odd = new Uint8Array(length)
      const claim = { index: 0, size: 1, proof: new Uint8Array(0) }
      expect(verifyInclusion({ ...claim, root: odd, leafHash: odd }, sha256)).toBe(false)
      const pair = { earlierSize: 1, size: 1, proof: new Uint8Array(0) }
      expect(verifyConsistency({ ...pair, earlierRoot: odd, root: odd }, sha256)).toBe(false)
      const root = sha256(Uint8Array.of(1), odd, MANY[0]!)
      const next = { earlierRoot: odd, earlierSize: 1, root, size: 2, proof: MANY[0]! }
      expect(verifyConsistency(next, sha256)).toBe(false)
    }
  })

  test('an inner node is no leaf', () => {
    const node = mth(MANY.slice(0, 2))
    const data = concatenated(MANY.slice(0, 2))
    const proof = inclusionProof({ leafHashes: MANY, index: 0, size: 4 }, sha256).subarray(32)
    expect(logLeafHash(data, sha256)).not.toEqual(node)
    for (const size of [2, 3, 4]) {
      const claim = { root: rootOf(4), index: 0, size, leafHash: logLeafHash(data, sha256), proof }
      expect(verifyInclusion(claim, sha256)).toBe(false)
    }
  })

  test('only entries that are there can be proved', () => {
    for (const [index, size] of [
      [-1, 3],
      [3, 3],
      [0, 0],
      [0, 71],
      [0.5, 3],
    ]) {
      expect(() => inclusionProof({ leafHashes: MANY, index: index!, size: size! }, sha256)).toThrow(
        RangeError,
      )
    }
  })
})

describe('RFC 6962, section 2.1.2: consistency', () => {
  const claimOf = (earlierSize: number, size: number) => ({
    earlierRoot: rootOf(earlierSize),
    earlierSize,
    root: rootOf(size),
    size,
    proof: consistencyProof({ leafHashes: MANY, earlierSize, size }, sha256),
  })

  test('the proof of the definition, for every pair of sizes', () => {
    for (let size = 1; size <= 34; size += 1) {
      for (let earlierSize = 1; earlierSize <= size; earlierSize += 1) {
        const claim = claimOf(earlierSize, size)
        expect(claim.proof).toEqual(concatenated(subproof(earlierSize, MANY.slice(0, size), true)))
        expect(verifyConsistency(claim, sha256)).toBe(true)
      }
    }
  })

  test('the empty log is a prefix of every log, without proof', () => {
    for (const size of [0, 1, 5]) {
      expect(claimOf(0, size).proof).toHaveLength(0)
      expect(verifyConsistency(claimOf(0, size), sha256)).toBe(true)
      expect(verifyConsistency({ ...claimOf(0, size), earlierRoot: MANY[0]! }, sha256)).toBe(false)
      expect(verifyConsistency({ ...claimOf(0, size), proof: MANY[0]! }, sha256)).toBe(false)
    }
  })

  test('a log that rewrote any entry is refused, whatever proof it makes', () => {
    for (const [earlierSize, size] of [
      [1, 2],
      [3, 7],
      [4, 7],
      [6, 8],
      [7, 8],
      [8, 13],
    ]) {
      for (let changed = 0; changed < earlierSize!; changed += 1) {
        const rewritten = MANY.map((leafHash, at) => (at === changed ? sha256(leafHash) : leafHash))
        const claim = {
          ...claimOf(earlierSize!, size!),
          root: mth(rewritten.slice(0, size)),
          proof: consistencyProof({ leafHashes: rewritten, earlierSize: earlierSize!, size: size! }, sha256),
        }
        expect(verifyConsistency(claim, sha256)).toBe(false)
      }
    }
  })

  test('other sizes, and a proof cut, extended or flipped, are refused', () => {
    for (const [earlierSize, size] of [
      [1, 2],
      [2, 3],
      [3, 7],
      [4, 7],
      [6, 8],
      [8, 8],
      [8, 13],
    ]) {
      const claim = claimOf(earlierSize!, size!)
      for (let other = 0; other <= 16; other += 1) {
        if (other !== earlierSize)
          expect(verifyConsistency({ ...claim, earlierSize: other }, sha256)).toBe(false)
      }
      for (const more of [1, 32, 64]) {
        const longer = Uint8Array.from([...claim.proof, ...new Uint8Array(more)])
        expect(verifyConsistency({ ...claim, proof: longer }, sha256)).toBe(false)
        if (more > claim.proof.length) continue
        expect(verifyConsistency({ ...claim, proof: claim.proof.subarray(more) }, sha256)).toBe(false)
        expect(verifyConsistency({ ...claim, proof: claim.proof.subarray(0, -more) }, sha256)).toBe(false)
      }
      for (let at = 0; at < claim.proof.length; at += 1) {
        const proof = claim.proof.map((byte, place) => (place === at ? byte ^ 1 : byte))
        expect(verifyConsistency({ ...claim, proof }, sha256)).toBe(false)
      }
      for (const odd of [-1, 0.5, Number.NaN, 2 ** 53]) {
        expect(verifyConsistency({ ...claim, earlierSize: odd }, sha256)).toBe(false)
        expect(verifyConsistency({ ...claim, size: odd }, sha256)).toBe(false)
      }
    }
  })

  test('only a shorter log can be proved to be a prefix', () => {
    for (const [earlierSize, size] of [
      [4, 3],
      [-1, 3],
      [1, 71],
      [0.5, 3],
    ]) {
      const query = { leafHashes: MANY, earlierSize: earlierSize!, size: size! }
      expect(() => consistencyProof(query, sha256)).toThrow(RangeError)
    }
  })
})

test('random claims are refused without an exception', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  const number = fc.oneof(fc.nat(20), fc.double(), fc.maxSafeInteger())
  fc.assert(
    fc.property(bytes, bytes, bytes, number, number, (a, b, proof, first, second) => {
      expect(verifyInclusion({ root: a, leafHash: b, index: first, size: second, proof }, sha256)).toBe(false)
      const claim = { earlierRoot: a, root: b, earlierSize: first, size: second, proof }
      expect(verifyConsistency(claim, sha256)).toBe(false)
    }),
    { seed: 88, numRuns: 2_000 },
  )
})
