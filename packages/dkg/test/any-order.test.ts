import { sealedBoxes } from '@mc/crypto/dkg'
import { recoverSecret } from '@mc/crypto/threshold'
import { peer } from '@mc/protocol'
import { seededRandom } from '@mc/sim'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lies, lyingBoxes } from './liars.js'
import { as, fastGroup as group, Log, sha256 } from './log.js'

const boxes = sealedBoxes({ group, sha256 })
const numRuns = Number(process.env['MC_SEEDS'] ?? 40)

/** A log whose order, cuts and rubbish a seed decides; the last f members lie, replay and talk nonsense. */
function written(seed: number, n: number): Log<bigint> {
  const random = seededRandom(seed)
  const f = Math.floor((n - 1) / 3)
  const lie = random.pick([
    lies.wrongValue(f),
    lies.wrongBox(1),
    lies.wrongPoint(f),
    lies.wrongValue(n),
    lies.wrongKey(),
  ])
  const log = new Log<bigint>({
    n,
    group,
    boxes,
    seed: `order ${seed}`,
    corrupted: (index, options) =>
      index < n - f ? options : { ...options, boxes: lyingBoxes(options.boxes, lie) },
  })
  log.generate(random.bit() === 1 ? [n - 1] : [])
  while (log.waiting.length > 0) {
    const chosen = random.shuffle(log.waiting).slice(0, 1 + random.below(log.waiting.length))
    log.waiting = log.waiting.filter(operation => !chosen.includes(operation))
    const liar = n - 1 - random.below(f)
    const replayed = as(liar, random.pick(chosen))
    const nonsense = { author: peer(liar), bytes: random.bytes(random.below(80)) }
    log.append(
      random.shuffle([...chosen, replayed, nonsense, ...(random.bit() === 1 ? chosen.slice(0, 1) : [])]),
    )
  }
  return log
}

test('whatever the order of the log and whatever f members put on it: one key, and f + 1 shares give it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 30 }), fc.constantFrom(4, 5, 7), (seed, n) => {
      const log = written(seed, n)
      const f = Math.floor((n - 1) / 3)
      const correct = log.keys.slice(0, n - f)
      expect(correct.every(key => key !== undefined)).toBe(true)
      const sets = correct.map(key => JSON.stringify([key?.keys, key?.dealers]))
      expect(new Set(sets).size).toBe(1)
      const shares = correct.map((key, member) => ({
        member,
        value: group.decodeScalar(key?.secretShare as Uint8Array) as bigint,
      }))
      const secret = recoverSecret(shares.slice(-f - 1), group.order)
      expect(group.encode(group.multiply(group.generator, secret))).toEqual(correct[0]?.keys.publicKey)
      for (const fault of log.faults) {
        if (fault.by < n - f) expect(fault.peer).toBeGreaterThanOrEqual(n - f)
      }
    }),
    { seed: 20_22, numRuns },
  )
})
