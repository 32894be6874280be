import { hashVectorCommitment } from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { brachaRbc, ctRbc, hashBrachaRbc } from '@mc/rbc'
import { describeRbc } from '@mc/rbc/conformance'
import { describe, test } from 'vitest'
import { brachaAttacks } from './bracha-attacks.js'
import { ctAttacks } from './ct-attacks.js'
import { hashBrachaAttacks } from './hash-bracha-attacks.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 2)
const payloadBytesMax = 64

describeRbc('brachaRbc', () => brachaRbc({ sha256: portableCrypto.sha256, payloadBytesMax }), {
  describe,
  test,
  seeds,
  attacks: brachaAttacks(),
})

describeRbc('ctRbc', () => ctRbc({ sha256: nodeCrypto.sha256, payloadBytesMax }), {
  describe,
  test,
  seeds,
  attacks: ctAttacks({ payloadBytesMax }),
})

describeRbc(
  'hashBrachaRbc',
  () =>
    hashBrachaRbc({
      sha256: nodeCrypto.sha256,
      payloadBytesMax,
      accepts: payload => payload.length < 60,
    }),
  { describe, test, seeds, attacks: hashBrachaAttacks() },
)

describeRbc(
  'ctRbc that spares echoes',
  () => ctRbc({ sha256: nodeCrypto.sha256, payloadBytesMax, spareEchoes: true }),
  { describe, test, seeds, attacks: ctAttacks({ payloadBytesMax }) },
)

describeRbc(
  'ctRbc under hash vectors',
  () => {
    const commitment = hashVectorCommitment({ sha256: nodeCrypto.sha256, payloadBytesMax })
    return ctRbc({ sha256: nodeCrypto.sha256, payloadBytesMax, commitment })
  },
  { describe, test, seeds: 1 },
)
