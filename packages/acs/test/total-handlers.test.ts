import { type Acs, bkrSubset, finSubset, rabaSubset } from '@mc/acs'
import { fixedCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, driveEncoded, peer } from '@mc/protocol'
import { quadraticAba, quadraticRaba } from '@mc/raba'
import { brachaRbc } from '@mc/rbc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idealElection } from './ideal-election.js'

const coin = fixedCoin([0, 1])
const rbc = brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 64 })
const params = { committee: committee({ n: 4, self: 0 }), domain: ['fuzz'] }

const rest = fc.array(fc.nat(2), { maxLength: 3 })

/** Part, proposer, kind and a few small numbers: about half of it decodes. */
const frame = fc
  .tuple(fc.nat(1), fc.nat(3), fc.nat(9), rest)
  .map(([part, proposer, kind, rest]) => Uint8Array.of(part, proposer, kind, ...rest))

/** The same one layer deeper: the part of a part, and its proposer or iteration. */
const deepFrame = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(9), rest)
  .map(([part, place, kind, rest]) => Uint8Array.of(1, part, place, kind, ...rest))

/** Sets of a gather, which are one byte among four. */
const set = fc
  .tuple(fc.nat(2), fc.constantFrom(0x07, 0x0b, 0x0d, 0x0e, 0x0f, 0x03))
  .map(([type, bits]) => Uint8Array.of(1, 1, type, bits))

function isTotal<Message>(acs: Acs<Message>): void {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.oneof(frame, deepFrame, set)), { maxLength: 120 }),
      frames => {
        const node = driveEncoded(acs, params)
        const steps = frames.map(([from, bytes]) => node.message(peer(from), bytes))
        expect(steps.flatMap(step => step.outputs).length).toBeLessThan(2)
      },
    ),
    { seed: 20_234, numRuns: Number(process.env['MC_SEEDS'] ?? 100) },
  )
}

describe('law 4: any bytes of anybody are a message or a fault, and there is at most one output', () => {
  test('rabaSubset', () => isTotal(rabaSubset({ rbc, raba: quadraticRaba({ coin }) })))
  test('bkrSubset', () => isTotal(bkrSubset({ rbc, aba: quadraticAba({ coin }) })))
  test('finSubset', () => {
    isTotal(finSubset({ rbc, raba: quadraticRaba({ coin }), election: idealElection() }))
  })
})
