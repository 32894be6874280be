import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  type Certificate,
  type Configuration,
  configurationToJson,
  Ledger,
  LightClient,
  opaqueOperations,
  records,
  sealStatement,
  signSeal,
} from '@mc/ledger'
import { type BlockSource, believe } from '@mc/node/client'
import { describe, expect, test } from 'vitest'

const secretOf = (name: number): Uint8Array => new Uint8Array(32).fill(name + 1)
const committee = (members: readonly number[]): Configuration['members'] =>
  members.map(name => ({
    name: String(name),
    publicKey: crypto.ed25519.publicKey(secretOf(name)),
    addresses: [],
  }))

/** A ledger whose committee changes after each block, and what an honest node shows of it. */
function history() {
  const committees = [
    [0, 1, 2, 3],
    [0, 1, 2, 4],
    [0, 1, 4, 5],
    [0, 4, 5, 6],
  ]
  const first = { index: 0, firstEpoch: 0, suite: 'any', depth: 1, members: committee([0, 1, 2, 3]) }
  const genesis = { name: 'believing', time: 0, configuration: first }
  const keeper = records({
    sha256: crypto.sha256,
    operations: opaqueOperations({ sha256: crypto.sha256, bytesMax: 64 }),
  })
  const machine: typeof keeper = {
    ...keeper,
    apply: (state, block) => {
      const next = committees[block.epoch + 1]
      const applied = keeper.apply(state, block)
      if (next === undefined) return applied
      return { ...applied, configuration: { ...block.configuration, members: committee(next) } }
    },
  }
  const ledger = new Ledger({ genesis, crypto, machine })
  const configurations: Configuration[] = [first]
  const shown = committees.map((names, epoch) => {
    const { block, cid, bytes } = ledger.apply({ epoch, payloads: [], headers: [], operations: [] })
    configurations[ledger.configuration.index] = ledger.configuration
    const statement = sealStatement(block, cid, crypto.sha256)
    const seals = [0, 1].map(member => {
      return { member, signature: signSeal(statement, secretOf(names[member] as number), crypto) }
    })
    return { bytes, certificate: { epoch, seals } as Certificate }
  })
  const source: BlockSource = {
    configuration: async index => configurationToJson(configurations[index] as Configuration),
    blockBytes: async epoch => (shown[epoch] as (typeof shown)[number]).bytes,
    certificate: async epoch => (shown[epoch] as (typeof shown)[number]).certificate,
  }
  return { genesis, shown, source, configurations }
}

describe('who knows the genesis and nothing else', () => {
  test('believes the last block of the fourth committee, and knows all that came before', async () => {
    const { genesis, shown, source } = history()
    const light = new LightClient({ genesis, crypto })
    const believed = await believe(light, source, async () => shown[3] as (typeof shown)[number])
    expect(believed).toMatchObject({ verified: true, block: { epoch: 3 } })
    expect(light.latest.index).toBe(3)
  })

  test('asks again until f + 1 members have signed', async () => {
    const { genesis, shown, source } = history()
    const light = new LightClient({ genesis, crypto })
    let asked = 0
    const believed = await believe(light, source, async () => {
      const { bytes, certificate } = shown[0] as (typeof shown)[number]
      asked += 1
      return { bytes, certificate: { ...certificate, seals: certificate.seals.slice(0, asked) } }
    })
    expect([believed.verified, asked]).toEqual([true, 2])
  })

  test('a node that invents a committee gets nowhere, and nowhere twice', async () => {
    const { genesis, shown, source, configurations } = history()
    let asked = 0
    const invented = { ...(configurations[1] as Configuration), members: committee([7, 8, 9, 10]) }
    const liar: BlockSource = {
      ...source,
      configuration: async () => {
        asked += 1
        return configurationToJson(invented)
      },
    }
    const light = new LightClient({ genesis, crypto })
    const believed = await believe(light, liar, async () => shown[3] as (typeof shown)[number])
    expect(believed).toMatchObject({
      verified: false,
      reason: 'configuration 1: block 0 announces another one',
    })
    expect([asked, light.latest.index]).toEqual([1, 0])
  })

  test('a node that shows a block of a later committee as the last one of this has no way on', async () => {
    const { genesis, shown, source } = history()
    const liar: BlockSource = { ...source, blockBytes: () => source.blockBytes(2) }
    const light = new LightClient({ genesis, crypto })
    const believed = await believe(light, liar, async () => shown[3] as (typeof shown)[number])
    expect(believed).toMatchObject({
      verified: false,
      reason: 'configuration 1: its configuration is not known yet',
    })
  })
})
