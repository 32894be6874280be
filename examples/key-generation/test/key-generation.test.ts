import { expect, test } from 'vitest'
import { tellKeyGeneration } from '../src/key-generation.js'

test('both keys are generated although one member cheats, and BEAT0 agrees on a batch with them', () => {
  const told = tellKeyGeneration(1)
  expect(told.match(/Key for (coin|encryption): [0-9a-f]{16}…, any 2 of 4 shares, generated/g)).toHaveLength(
    2,
  )
  expect(told).toContain('member 0: member 3 broke dkg/bad-row')
  for (const proposer of [0, 1, 2]) expect(told).toContain(`“a word from ${proposer}”`)
})
