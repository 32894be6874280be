import { rabaSubset } from '@mc/acs'
import { fixedCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, driveEncoded, peer } from '@mc/protocol'
import { quadraticRaba } from '@mc/raba'
import { brachaRbc } from '@mc/rbc'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const acs = rabaSubset({
  rbc: brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 64 }),
  raba: quadraticRaba({ coin: fixedCoin([0, 1]) }),
})
const params = { committee: committee({ n: 4, self: 0 }), domain: ['fuzz'] }

/** Part, proposer, kind and a few small numbers: about half of it decodes. */
const frame = fc
  .tuple(fc.nat(1), fc.nat(3), fc.nat(9), fc.array(fc.nat(2), { maxLength: 3 }))
  .map(([part, proposer, kind, rest]) => Uint8Array.of(part, proposer, kind, ...rest))

test('law 4: any bytes of anybody are a message or a fault, and there is at most one output', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), frame), { maxLength: 120 }), frames => {
      const node = driveEncoded(acs, params)
      const steps = frames.map(([from, bytes]) => node.message(peer(from), bytes))
      expect(steps.flatMap(step => step.outputs).length).toBeLessThan(2)
    }),
    { seed: 20_234, numRuns: Number(process.env['MC_SEEDS'] ?? 100) },
  )
})
