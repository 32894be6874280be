import type { Bit } from '@mc/protocol'
import { expect, test } from 'vitest'
import { PLAY, tellAgreement } from '../src/agreement.js'

const decisionsOf = (told: string): readonly string[] => /decision +(.*)/.exec(told)?.[1]?.split(/ +/) ?? []

test('whatever the coins show, all four decide the same bit', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const decisions = decisionsOf(tellAgreement({ ...PLAY, seed }))
    expect(decisions).toHaveLength(4)
    expect(new Set(decisions).size).toBe(1)
    expect(decisions[0]).toMatch(/^[01]$/)
  }
})

test('what all propose is decided in the first round', () => {
  for (const bit of [0, 1] as Bit[]) {
    const told = tellAgreement({ ...PLAY, inputs: [bit, bit, bit, bit] })
    expect(decisionsOf(told)).toEqual(Array.from({ length: 4 }, () => String(bit)))
    expect(told).toContain('round 0')
  }
})
