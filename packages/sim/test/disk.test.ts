import { seededRandom, simulatedDisk } from '@mc/sim'
import { expect, test } from 'vitest'
import { TurnLog } from '../src/turn-log.js'

const bytes = (text: number, length: number): Uint8Array => new Uint8Array(length).fill(text)

test('what was synced survives every crash', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = simulatedDisk(seededRandom(seed))
    disk.append(bytes(1, 10))
    disk.sync()
    disk.append(bytes(2, 10))
    disk.crash()
    expect(disk.read().slice(0, 10)).toEqual(bytes(1, 10))
  }
})

test('of what was not synced anything may survive: all, nothing, a piece, garbage, a later write without an earlier', () => {
  const counts: Record<string, number> = {}
  const seen = new Set<string>()
  for (let seed = 0; seed < 300; seed += 1) {
    const count = (kind: string): void => {
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    const disk = simulatedDisk(seededRandom(seed), { count })
    disk.append(bytes(1, 4))
    disk.append(bytes(2, 4))
    disk.crash()
    seen.add(disk.read().join(''))
  }
  for (const outcome of ['11112222', '', '1111', '00002222']) expect(seen).toContain(outcome)
  expect(Object.keys(counts).sort()).toEqual(['write-garbled', 'write-lost', 'write-torn'])
})

test('bit rot reaches what was synced', () => {
  const disk = simulatedDisk(seededRandom(1), { rotProbability: 1 })
  disk.append(bytes(0, 100))
  disk.sync()
  disk.crash()
  expect(disk.read().filter(byte => byte !== 0)).toHaveLength(1)
})

test('the log comes back as the longest undamaged beginning, at every cut and after every flipped bit', () => {
  const written = [1, 2, 3].map(number => ({ cause: { type: 'input', number } as const, draws: [number] }))
  const image = (): Uint8Array => {
    const disk = simulatedDisk(seededRandom(0))
    const log = new TurnLog(disk)
    for (const turn of written) log.append(turn)
    return disk.read()
  }
  const recovered = (content: Uint8Array) => {
    const disk = simulatedDisk(seededRandom(0))
    disk.append(content)
    return new TurnLog(disk).recover()
  }
  const whole = image()
  const size = whole.length / written.length
  expect(recovered(whole)).toEqual(written)
  for (let cut = 0; cut < whole.length; cut += 1) {
    expect(recovered(whole.slice(0, cut))).toEqual(written.slice(0, Math.floor(cut / size)))
  }
  for (let bit = 0; bit < 8 * whole.length; bit += 1) {
    const rotten = whole.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(recovered(rotten)).toEqual(written.slice(0, Math.floor(bit / (8 * size))))
  }
})
