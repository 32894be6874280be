import { rabaSubset } from '@mc/acs'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { suite } from '@mc/presets'
import { epoch } from '@mc/protocol'
import { utf8 } from '@mc/protocol/wire'
import { quadraticRaba } from '@mc/raba'
import { ctRbc } from '@mc/rbc'
import { sameValue, simulate } from '@mc/sim'
import { myRaba } from './my-raba.mjs'
import { testCoin } from './test-coin.mjs'

const { sha256 } = nodeCrypto

/** The same system twice; only the agreement differs. */
const systems = {
  quadratic: rng => quadraticRaba({ coin: localCoin({ rng }) }),
  mine: () => myRaba({ coin: testCoin }),
}

const systemOf = (name, rng) =>
  suite({
    name,
    acs: rabaSubset({ rbc: ctRbc({ sha256, payloadBytesMax: 1_024 }), raba: systems[name](rng) }),
    sha256,
    purpose: 'benchmark',
  })

/** One epoch among seven members: what it cost, and whether they agree. */
export const compare = () =>
  Object.keys(systems).map(name => {
    const { cost, outputs } = simulate({
      seed: 7,
      n: 7,
      protocol: ({ random }) => systemOf(name, random).atomicBroadcast,
      params: committee => ({ committee, domain: ['example'], firstEpoch: epoch(0) }),
      inputs: index => ({ type: 'propose', epoch: epoch(0), payload: utf8(`proposal of ${index}`) }),
      encoded: true,
    })
    const [first, ...others] = outputs.map(given => given.find(({ type }) => type === 'batch'))
    const agree = first !== undefined && others.every(batch => sameValue(batch, first))
    return { name, fingerprint: systemOf(name, { bit: () => 0 }).fingerprint, cost, agree }
  })

for (const { name, fingerprint, cost, agree } of compare()) {
  const batches = agree ? 'the same batch everywhere' : 'DIFFERENT BATCHES'
  console.log(
    `${name.padEnd(10)} ${fingerprint.slice(0, 8)}  ${batches}, ${cost.messages} messages, ${cost.depth} steps`,
  )
}
