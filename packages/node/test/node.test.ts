import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryNetwork } from '@mc/network'
import { type Node, WriteAheadLog } from '@mc/node'
import { hex } from '@mc/protocol/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isKnown, known, operations, TestNetwork } from './network.js'

let network: TestNetwork

beforeEach(async () => {
  network = await TestNetwork.make()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await network.close()
})

const roots = (): Set<string> => new Set(network.nodes.flatMap(node => node?.status.stateRoot ?? []))

const everywhere = (wanted: readonly Uint8Array[]): Promise<unknown> =>
  Promise.all(network.nodes.map(node => node && known(node, wanted)))

describe('a network of nodes', () => {
  test('what one member takes is on the ledger of all', async () => {
    const [first] = (await network.startAll()) as [Node]
    const wanted = operations('one', 20)
    const submissions = await first.submit(wanted)
    expect(submissions.every(({ taken }) => taken)).toBe(true)
    await everywhere(wanted)
    expect(roots().size).toBe(1)
    expect(first.status).toMatchObject({
      state: 'voting',
      operations: 20,
      member: 0,
      members: 4,
      logCondition: 'new',
    })
  })

  test.each([1, 2, 3])('%i members agree, too', async n => {
    await network.close()
    network = await TestNetwork.make({ n })
    const [first] = (await network.startAll()) as [Node]
    const wanted = operations('few', 3)
    await first.submit(wanted)
    await everywhere(wanted)
    expect(roots().size).toBe(1)
  })

  test('what is known, waits or is none of ours is refused in words', async () => {
    const [first] = (await network.startAll()) as [Node]
    const [operation] = operations('twice', 1) as [Uint8Array]
    const [once, again] = await first.submit([operation, operation])
    expect([once?.taken, again]).toMatchObject([
      true,
      { taken: false, refusal: { rule: 'node/already-pending' } },
    ])
    await everywhere([operation])
    const [late, large] = await first.submit([operation, new Uint8Array(2_000)])
    expect(late).toMatchObject({ taken: false, refusal: { rule: 'ledger/duplicate-operation' } })
    expect(large).toMatchObject({ taken: false, refusal: { rule: 'ledger/malformed-operation' } })
  })

  test('all stop and start again: same ledger, and it goes on', async () => {
    await network.startAll()
    const before = operations('before', 10)
    await network.nodes[1]?.submit(before)
    await everywhere(before)
    const [root] = roots()
    for (const index of [0, 1, 2, 3]) await network.stop(index)
    await network.startAll()
    expect([...roots()]).toEqual([root])
    const after = operations('after', 10)
    await network.nodes[2]?.submit(after)
    await everywhere([...before, ...after])
    expect(network.nodes[0]?.status).toMatchObject({ logCondition: 'intact', operations: 20 })
  })

  test('one that was away for longer than its peers keep epochs comes back under load', async () => {
    const [first] = (await network.startAll()) as [Node]
    await network.stop(3)
    const missed: Uint8Array[] = []
    for (let at = 0; at < 25; at += 1) {
      const [operation] = operations(`missed ${at}`, 1) as [Uint8Array]
      missed.push(operation)
      await first.submit([operation])
      await known(first, [operation])
    }
    const load = operations('load', 50)
    await first.submit(load)
    const late = await network.start(3)
    await known(late, [...missed, ...load])
    await late.submit(operations('late', 1))
    await everywhere(operations('late', 1))
    expect(roots().size).toBe(1)
  })

  test('two of four stop: nothing is agreed and nothing is lost; one comes back, and it goes on', async () => {
    const [first] = (await network.startAll()) as [Node]
    await network.stop(2)
    await network.stop(3)
    const waiting = operations('waiting', 5)
    const submissions = await first.submit(waiting)
    expect(submissions.every(({ taken }) => taken)).toBe(true)
    await network.stop(0)
    const again = await network.start(0)
    expect(again.status.pending).toBe(5)
    expect(waiting.some(operation => isKnown(again, operation))).toBe(false)
    await network.start(2)
    await known(again, waiting)
  })
})

describe('the data directory', () => {
  test('one process at a time', async () => {
    await network.start(0)
    await expect(network.start(0, { transport: memoryNetwork().transport(network.key(0)) })).rejects.toThrow(
      'in use',
    )
  })

  test('a failed start leaves it closed, so that the next one can use it', async () => {
    await expect(network.start(0, { suite: () => ({ name: 'other' }) as never })).rejects.toThrow(
      '"test" runs waterbear-qs-q: this node runs other',
    )
    await network.start(0)
  })

  test('a key that is no member’s follows', async () => {
    const stranger = await network.start(0, { secretKey: new Uint8Array(32).fill(99) })
    expect(stranger.status).toMatchObject({
      state: 'following',
      member: undefined,
      members: 4,
      suite: undefined,
    })
  })

  test('limits that cannot work are refused', async () => {
    await expect(network.start(0, { limits: { proposalBytesMax: 8 * 1024 * 1024 } })).rejects.toThrow(
      RangeError,
    )
    await expect(network.start(0, { limits: { proposalBytesMax: 33_000 } })).rejects.toThrow(
      'do not hold one operation',
    )
  })

  test('a member whose log is gone is quarantined, one that never started is not', async () => {
    const [first] = (await network.startAll()) as [Node]
    await first.submit(operations('some', 1))
    await everywhere(operations('some', 1))
    await network.stop(3)
    await rm(join(network.directoryOf(3), 'log'), { recursive: true })
    await rm(join(network.directoryOf(3), 'store'), { recursive: true })
    expect((await network.start(3)).status.state).toBe('quarantined')
    // And it stays so, although the log that it has begun meanwhile is intact.
    await network.stop(3)
    expect((await network.start(3)).status.state).toBe('quarantined')
  })

  test('a first start that nobody answers is no reason for a quarantine', async () => {
    await network.start(0)
    await network.stop(0)
    expect((await network.start(0)).status.state).toBe('joining')
  })
})

describe('the disk', () => {
  test('if the log fails, the node stops loudly and acknowledges nothing', async () => {
    const [first] = (await network.startAll()) as [Node]
    await first.submit(operations('good', 1))
    await everywhere(operations('good', 1))
    vi.spyOn(WriteAheadLog.prototype, 'sync').mockRejectedValue(new Error('ENOSPC: no space left on device'))
    await expect(first.submit(operations('bad', 1))).rejects.toThrow('stopped')
    expect(network.failures[0]?.message).toContain('ENOSPC')
    expect(first.status.failure).toContain('ENOSPC')
  })

  test('if the store fails, the node stops too', async () => {
    const [first] = (await network.startAll()) as [Node]
    const failed = new Promise(resolve => first.events.once('failure', resolve))
    vi.spyOn(first.store, 'put').mockRejectedValue(new Error('EIO: i/o error'))
    await first.submit(operations('one', 1)).catch(() => {})
    await failed
    await expect(first.submit(operations('two', 1))).rejects.toThrow('stopped')
    expect(first.status.failure).toContain('EIO')
  })

  test('a crash at any step of forgetting loses nothing that was acknowledged', async () => {
    const copies: { directory: string; acknowledged: number }[] = []
    const acknowledged: Uint8Array[] = []
    const copy = async (step: string): Promise<void> => {
      const directory = join(network.directory, `copy-${copies.length}-${step}`)
      const copied = { directory, acknowledged: acknowledged.length }
      copies.push(copied)
      await cp(network.directoryOf(0), directory, { recursive: true })
    }
    const watch = (object: object, name: string): void => {
      const methods = object as Record<string, (...args: unknown[]) => Promise<unknown>>
      const original = methods[name]?.bind(object)
      methods[name] = async (...args) => {
        await copy(`before-${name}`)
        const result = await original?.(...args)
        await copy(`after-${name}`)
        return result
      }
    }
    const open = WriteAheadLog.open.bind(WriteAheadLog)
    vi.spyOn(WriteAheadLog, 'open').mockImplementation(async options => {
      const opened = await open(options)
      if (options.directory !== join(network.directoryOf(0), 'log')) return opened
      for (const name of ['rotate', 'dropBefore']) watch(opened.log, name)
      return opened
    })
    const [first] = (await network.startAll({ segmentBytesMax: 24_000 })) as [Node]
    watch(first.store, 'checkpoint')
    for (let at = 0; at < 40; at += 1) {
      const [operation] = operations(`kept ${at}`, 1) as [Uint8Array]
      await first.submit([operation])
      acknowledged.push(operation)
      if (at % 4 > 0) await known(first, [operation])
    }
    await everywhere(acknowledged)
    for (const index of [0, 1, 2, 3]) await network.stop(index)
    const steps = new Set(copies.map(({ directory }) => directory.replace(/.*copy-\d+-/, '')))
    expect([...steps].sort()).toEqual([
      'after-checkpoint',
      'after-dropBefore',
      'after-rotate',
      'before-checkpoint',
      'before-dropBefore',
      'before-rotate',
    ])
    vi.restoreAllMocks()
    const latest = new Map(copies.map(copied => [copied.directory.replace(/.*copy-\d+-/, ''), copied]))
    for (const { directory, acknowledged: count } of [copies[0], ...latest.values()].flatMap(
      one => one ?? [],
    )) {
      const node = await network.start(0, { directory, transport: memoryNetwork().transport(network.key(0)) })
      expect(node.status.logCondition).toBe('intact')
      expect(node.status.state).toBe('joining')
      for (const operation of acknowledged.slice(0, count)) {
        const id = node.ledger.machine.operationId(operation)
        expect(isKnown(node, operation) || node.isPending(id)).toBe(true)
      }
      await network.stop(0)
    }
  })
})

describe('hostile members', () => {
  test('garbage is named, and its sender disconnected', async () => {
    const hostile = network.network.transport(network.key(3))
    await network.start(0)
    await network.start(1)
    const third = await network.start(2)
    await hostile.start({
      onFrame: () => {},
      onConnected: peer => {
        for (let at = 0; at < 10; at += 1) hostile.send(peer, 'control', Uint8Array.of(3, 250, 1, 2))
      },
      onDisconnected: () => {},
      onFault: () => {},
    })
    hostile.admit(
      network.genesis.configuration.members.map(({ publicKey }) => ({
        key: hex(publicKey),
        addresses: [hex(publicKey)],
      })),
    )
    await vi.waitFor(
      () => expect(network.faults[2]?.some(({ disconnected }) => disconnected)).toBe(true),
      10_000,
    )
    expect(
      network.faults[2]?.every(
        ({ peerName, rule }) => peerName === 'member 3' && rule === 'node/undecodable',
      ),
    ).toBe(true)
    await third.submit(operations('nevertheless', 3))
    await known(third, operations('nevertheless', 3))
    await hostile.stop()
  })
})
