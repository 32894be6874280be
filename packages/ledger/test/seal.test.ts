import {
  type Block,
  blockCid,
  type Certificate,
  type Configuration,
  EPOCHS_COLLECTING_MAX,
  encodeBlock,
  SealCollector,
  sealStatement,
  sealsToConvince,
  sealsToKeep,
  verifyCertificate,
  verifySeal,
} from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import {
  batchOf,
  certificateOf,
  configurationOf,
  crypto,
  genesisOf,
  ledgerOf,
  sealOf,
  sha256,
} from './network-of.js'

const genesis = genesisOf(7)
const { configuration } = genesis
const { block } = ledgerOf(genesis).apply(batchOf(0))
const holds = (certificate: Certificate, one: Block = block, by: Configuration = configuration): boolean =>
  verifyCertificate(one, certificate, by, crypto)

describe('a certificate', () => {
  test('f + 1 seals convince, f do not', () => {
    expect([sealsToConvince({ f: 2 }), sealsToKeep({ n: 7, f: 2 })]).toEqual([3, 5])
    expect(holds(certificateOf(block, configuration, [0, 3, 6]))).toBe(true)
    expect(holds(certificateOf(block, configuration, [0, 3]))).toBe(false)
    expect(holds(certificateOf(block, configuration, []))).toBe(false)
  })

  test('two seals of one member count once', () => {
    expect(holds(certificateOf(block, configuration, [0, 0, 0, 3, 3]))).toBe(false)
  })

  test('invalid seals do not count, and do not harm the others', () => {
    const good = certificateOf(block, configuration, [0, 3, 6])
    const bad = { member: 1, signature: new Uint8Array(64) }
    expect(holds({ ...good, seals: [bad, ...good.seals] })).toBe(true)
    expect(holds({ ...good, seals: [bad, ...good.seals.slice(1)] })).toBe(false)
  })

  test('no member number and no bytes throw', () => {
    for (const member of [-1, 7, 0.5, Number.NaN, 2 ** 40]) {
      for (const length of [0, 63, 64, 65]) {
        const seal = { member, signature: new Uint8Array(length) }
        expect(verifySeal(seal, new Uint8Array(32), configuration, crypto)).toBe(false)
        expect(holds({ epoch: 0, seals: [seal, seal, seal] })).toBe(false)
      }
    }
  })

  test('a flood of seals is looked at only as far as there are members', () => {
    let verifications = 0
    const counting = { ...crypto, ed25519: { ...crypto.ed25519, verify: () => ++verifications < 0 } }
    const seals = Array.from({ length: 1_000 }, (_, at) => ({
      member: at % 7,
      signature: new Uint8Array(64),
    }))
    expect(verifyCertificate(block, { epoch: 0, seals }, configuration, counting)).toBe(false)
    expect(verifications).toBe(7)
  })

  test.each<[string, Partial<Block>]>([
    ['network', { network: new Uint8Array(32) }],
    ['epoch', { epoch: 1 }],
    ['state root', { stateRoot: new Uint8Array(32) }],
    ['next configuration', { nextConfiguration: new Uint8Array(32) }],
    ['time', { time: 1 }],
  ])('seals of a block do not hold for one with another %s', (_, change) => {
    const other = { ...block, ...change }
    const certificate = certificateOf(block, configuration, [0, 3, 6])
    expect(holds({ ...certificate, epoch: other.epoch }, other)).toBe(false)
    expect(holds(certificateOf(other, configuration, [0, 3, 6]), other)).toBe(true)
  })

  test('a certificate of another epoch is none of this block', () => {
    expect(holds({ ...certificateOf(block, configuration, [0, 3, 6]), epoch: 1 })).toBe(false)
  })

  test('members of another configuration cannot certify the block, whoever they are', () => {
    const strangers = configurationOf(['mallory', 'niaj', 'olivia', 'peggy'])
    expect(holds(certificateOf(block, strangers, [0, 1, 2, 3]), block, strangers)).toBe(false)
  })

  test('a seal signs network, epoch, block, state root and next configuration', () => {
    const statementOf = (one: Block): string =>
      hex(sealStatement(one, blockCid(encodeBlock(block), sha256), sha256))
    const statements = [
      block,
      { ...block, network: new Uint8Array(32) },
      { ...block, epoch: 1 },
      { ...block, stateRoot: new Uint8Array(32) },
      { ...block, nextConfiguration: new Uint8Array(32) },
    ].map(statementOf)
    expect(new Set(statements).size).toBe(5)
    expect(hex(sealStatement(block, blockCid(new Uint8Array(1), sha256), sha256))).not.toBe(statements[0])
  })
})

describe('collecting seals', () => {
  const statement = sealStatement(block, blockCid(encodeBlock(block), sha256), sha256)
  const seal = (member: number) => ({ member, signature: sealOf(block, configuration.members[member]!.name) })
  const opened = (): SealCollector => {
    const collector = new SealCollector(crypto)
    collector.open(0, statement, configuration)
    return collector
  }

  test('n − f are kept; the one that makes them says so', () => {
    const collector = opened()
    const outcomes = [0, 1, 2, 3, 4, 5].map(member => collector.add(0, seal(member)))
    expect(outcomes).toEqual(['added', 'added', 'added', 'added', 'certified', 'known'])
    expect(collector.certificate(0)?.seals).toHaveLength(5)
  })

  test('a member’s second seal is known, an invalid one is invalid and keeps nobody out', () => {
    const collector = opened()
    expect(collector.add(0, { ...seal(2), member: 3 })).toBe('invalid')
    expect(collector.add(0, seal(3))).toBe('added')
    expect(collector.add(0, { member: 3, signature: new Uint8Array(64) })).toBe('known')
    expect(collector.add(0, { member: 7, signature: new Uint8Array(64) })).toBe('invalid')
    expect(collector.certificate(0)?.seals).toEqual([seal(3)])
  })

  test('it knows exactly the seals it keeps', () => {
    const collector = opened()
    collector.add(0, seal(3))
    expect(collector.holds(0, seal(3))).toBe(true)
    expect(collector.holds(0, { member: 3, signature: new Uint8Array(64) })).toBe(false)
    expect([collector.holds(0, seal(4)), collector.holds(1, seal(3))]).toEqual([false, false])
  })

  test('seals come out ascending by member, whatever order they came in', () => {
    const collector = opened()
    for (const member of [6, 0, 3]) collector.add(0, seal(member))
    const certificate = collector.certificate(0)!
    expect(certificate.seals.map(({ member }) => member)).toEqual([0, 3, 6])
    expect(holds(certificate)).toBe(true)
  })

  test('only the last 64 blocks collect, so memory is bounded', () => {
    const collector = new SealCollector(crypto)
    for (let epoch = 0; epoch < 3 * EPOCHS_COLLECTING_MAX; epoch += 2)
      collector.open(epoch, statement, configuration)
    const open = Array.from({ length: 3 * EPOCHS_COLLECTING_MAX }, (_, epoch) => epoch).filter(epoch =>
      collector.isOpen(epoch),
    )
    expect(open).toHaveLength(EPOCHS_COLLECTING_MAX)
    expect(open.at(-1)).toBe(3 * EPOCHS_COLLECTING_MAX - 2)
    expect(collector.add(0, seal(0))).toBe('too-old')
    expect(collector.certificate(0)).toBeUndefined()
  })

  test('a block that was never applied collects nothing', () => {
    expect(opened().add(1, seal(0))).toBe('too-old')
  })
})
