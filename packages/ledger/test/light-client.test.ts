import {
  type Configuration,
  encodeBlock,
  LightClient,
  proveRecord,
  type RecordsState,
  type StateMachine,
} from '@mc/ledger'
import { describe, expect, test } from 'vitest'
import {
  batchOf,
  certificateOf,
  configurationOf,
  crypto,
  genesisOf,
  ledgerOf,
  numbered,
  opaqueRecords,
  sha256,
} from './network-of.js'

const genesis = genesisOf(4)
const { configuration } = genesis
const ledger = ledgerOf(genesis)
const { block, bytes, cid } = ledger.apply(batchOf(0, [numbered(0), numbered(1)]))
const certificate = certificateOf(block, configuration, [1, 3])
const client = (): LightClient => new LightClient({ genesis, crypto })
const reasonOf = (...args: Parameters<LightClient['verifyBlock']>): string => {
  const result = client().verifyBlock(...args)
  return result.verified ? 'believed' : result.reason
}

describe('with nothing but the genesis', () => {
  test('a block with f + 1 seals is believed, and what it says is known', () => {
    expect(client().verifyBlock(bytes, certificate)).toEqual({ verified: true, block, cid })
  })

  test('too few seals, doubled seals and another epoch’s are not', () => {
    expect(reasonOf(bytes, certificateOf(block, configuration, [1]))).toBe(
      'fewer than f + 1 members signed it',
    )
    expect(reasonOf(bytes, certificateOf(block, configuration, [1, 1]))).toBe(
      'fewer than f + 1 members signed it',
    )
    expect(reasonOf(bytes, { ...certificate, epoch: 1 })).toBe('fewer than f + 1 members signed it')
  })

  test('a block of another network is not, however many signed it', () => {
    const other = { ...genesis, name: 'city' }
    const foreign = ledgerOf(other).apply(batchOf(0))
    const all = certificateOf(foreign.block, configuration, [0, 1, 2, 3])
    expect(reasonOf(foreign.bytes, all)).toBe('it belongs to another network')
  })

  test('a forged block is not: its seals are those of another one', () => {
    const forged = encodeBlock({ ...block, operations: 3 })
    expect(reasonOf(forged, certificate)).toBe('fewer than f + 1 members signed it')
  })

  test('bytes that are no block are not, and nothing throws', () => {
    expect(reasonOf(new Uint8Array(3), certificate)).toMatch(/^block: /)
    expect(reasonOf(bytes.subarray(1), certificate)).toMatch(/^block: /)
  })

  test('a configuration that was never announced is not known', () => {
    const strangers = configurationOf(['mallory', 'niaj', 'olivia', 'peggy'])
    const rival = ledgerOf({ ...genesis, configuration: strangers }).apply(batchOf(0)).block
    const grafted = { ...rival, network: block.network }
    const all = certificateOf(grafted, strangers, [0, 1, 2, 3])
    expect(reasonOf(encodeBlock(grafted), all)).toBe('its configuration is not known yet')
  })

  test('an operation is in a believed block, or it is not', () => {
    const machine = opaqueRecords()
    const [id, other] = [machine.operationId(numbered(1)), machine.operationId(numbered(7))]
    const proof = proveRecord(ledger.state, id)!
    expect(client().verifyInclusion(block, id, proof)).toBe(true)
    expect(client().verifyInclusion(block, other, proof)).toBe(false)
    expect(client().verifyInclusion({ ...block, stateRoot: sha256() }, id, proof)).toBe(false)
  })
})

describe('following configurations', () => {
  const next: Configuration = { ...configurationOf(['ann', 'bob', 'eve', 'fay']), index: 1, firstEpoch: 1 }
  const last: Configuration = { ...configurationOf(['eve', 'fay', 'gus', 'hal']), index: 2, firstEpoch: 2 }
  const machine = opaqueRecords()
  const changing: StateMachine<RecordsState> = {
    ...machine,
    apply: (state, input) => ({
      ...machine.apply(state, input),
      configuration: [next, last][input.epoch] ?? last,
    }),
  }
  const chain = ledgerOf(genesis, changing)
  const blocks = [0, 1, 2].map(epoch => chain.apply(batchOf(epoch, [numbered(epoch)])))
  const signedBy = (index: number, by: Configuration) =>
    [blocks[index]!.bytes, certificateOf(blocks[index]!.block, by, [0, 1])] as const

  test('a client learns what a believed block announced, and believes the members of that', () => {
    const follower = client()
    expect(follower.verifyBlock(...signedBy(1, next))).toMatchObject({ verified: false })
    expect(follower.verifyBlock(...signedBy(0, configuration)).verified).toBe(true)
    expect(follower.learn(next)).toBe(true)
    expect(follower.verifyBlock(...signedBy(1, next)).verified).toBe(true)
    expect(follower.learn(last)).toBe(true)
    expect(follower.verifyBlock(...signedBy(2, last)).verified).toBe(true)
  })

  test('it learns nothing that no believed block announced', () => {
    const follower = client()
    expect(follower.learn(next)).toBe(false)
    follower.verifyBlock(blocks[0]!.bytes, certificateOf(blocks[0]!.block, configuration, [0]))
    expect(follower.learn(next)).toBe(false)
    follower.verifyBlock(...signedBy(0, configuration))
    expect(follower.learn(last)).toBe(false)
    expect(follower.learn({ ...next, depth: 2 })).toBe(false)
    expect(follower.learn(next)).toBe(true)
    expect(follower.learn(next)).toBe(false)
  })

  test('addresses are hints and do not matter', () => {
    const follower = client()
    follower.verifyBlock(...signedBy(0, configuration))
    const members = next.members.map(member => ({ ...member, addresses: ['/ip4/10.1.1.1/tcp/9'] }))
    expect(follower.learn({ ...next, members })).toBe(true)
  })

  test('members of the old configuration cannot sign for the new one', () => {
    const follower = client()
    follower.verifyBlock(...signedBy(0, configuration))
    follower.learn(next)
    const old = certificateOf(blocks[1]!.block, configuration, [2, 3])
    expect(follower.verifyBlock(blocks[1]!.bytes, old).verified).toBe(false)
  })

  test('who has left cannot go on: where a successor is known, its epochs are not those of the old one', () => {
    const follower = client()
    follower.verifyBlock(...signedBy(0, configuration))
    const alone = ledgerOf(genesis)
    alone.apply(batchOf(0, [numbered(0)]))
    const rival = alone.apply(batchOf(1, [numbered(9)]))
    const old = certificateOf(rival.block, configuration, [0, 1, 2, 3])
    follower.learn(next)
    expect(follower.verifyBlock(rival.bytes, old)).toEqual({
      verified: false,
      reason: 'its epoch is not one of its configuration',
    })
    const early = encodeBlock({ ...blocks[1]!.block, epoch: 0 })
    expect(
      follower.verifyBlock(early, certificateOf({ ...blocks[1]!.block, epoch: 0 }, next, [0, 1])),
    ).toEqual({
      verified: false,
      reason: 'its epoch is not one of its configuration',
    })
  })

  test('it says what it knows', () => {
    const follower = client()
    expect(follower.latest).toBe(configuration)
    follower.verifyBlock(...signedBy(0, configuration))
    expect(follower.configuration(blocks[0]!.block.nextConfiguration)).toBeUndefined()
    follower.learn(next)
    expect(follower.latest).toEqual(next)
    expect(follower.configuration(blocks[0]!.block.nextConfiguration)).toEqual(next)
  })

  test('who slept for long starts from a checkpoint learnt out of band', () => {
    const sleeper = new LightClient({ genesis, crypto, checkpoint: last })
    expect(sleeper.verifyBlock(...signedBy(2, last)).verified).toBe(true)
  })
})
