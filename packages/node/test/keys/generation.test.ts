import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestKey } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { encodeBody, signOperation } from '@mc/ledger'
import type { Node } from '@mc/node'
import { KeyFiles } from '@mc/node/keys'
import { PRESETS } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { configured, KeyedNetwork } from './keyed-network.js'
import { lyingBoxes } from './liar.js'

let network: KeyedNetwork | undefined
afterEach(async () => {
  await network?.close()
  network = undefined
})

/** Starts all members, and waits until each runs on keys. */
async function keyed(suite: string, liar?: number): Promise<readonly Node[]> {
  network = await KeyedNetwork.make({ suite })
  const boxes = lyingBoxes(1)
  const starting = [0, 1, 2, 3].map(index => network?.start(index, index === liar ? boxes : undefined))
  const nodes = (await Promise.all(starting)) as Node[]
  await Promise.all(nodes.map(node => runs(node, suite)))
  return nodes
}

/** Resolves once a node votes in this suite. */
async function runs(node: Node, suite: string): Promise<void> {
  await configured(node, one => one.suite === suite)
  while (node.status.suiteName !== suite || node.status.state !== 'voting') {
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const comment = (text: string): Uint8Array =>
  signOperation(
    { realm: 'keyed', kind: 'comment', created: 1, body: encodeBody(text) },
    new Uint8Array(32).fill(99),
    crypto,
  )

/** Hands an operation to one node, and waits until another has it on its ledger. */
async function agreed(from: Node, at: Node, text: string): Promise<void> {
  const operation = comment(text)
  const key = digestKey(at.ledger.machine.operationId(operation))
  const isKnown = (): boolean => at.ledger.machine.isKnown(at.ledger.state, key)
  const come = new Promise<void>(resolve => {
    const check = (): void => {
      if (!isKnown()) return
      at.events.off('block', check)
      resolve()
    }
    at.events.on('block', check)
    check()
  })
  await from.submit([operation])
  await come
}

const filesOf = (index: number): Promise<string[]> =>
  readdir(join(network?.directoryOf(index) as string, 'keys')).catch(() => [])

/** One of each kind of keys; with more seeds wanted, every system over keys. */
const KEYED =
  process.env['MC_SEEDS'] === undefined
    ? ['honey-badger', 'fin']
    : PRESETS.filter(({ setUp }) => setUp === 'shared keys').map(({ name }) => name)

describe('a network of nodes without keys', () => {
  test('4 nodes reach an agreed key through their own log while f deal wrongly, and BEAT0 then runs on it', async () => {
    const nodes = await keyed('beat0', 3)
    const keySets = nodes.map(({ ledger }) => hex(ledger.configuration.keySet as Uint8Array))
    expect(new Set(keySets).size).toBe(1)
    await agreed(nodes[0] as Node, nodes[1] as Node, 'on keys')
    expect(network?.failures).toEqual([])
    const blamed = new Set(network?.faults.map(({ rule, peer }) => `${rule} ${peer}`))
    expect([...blamed].every(one => ['dkg/bad-row 3', 'dkg/bad-value 3'].includes(one))).toBe(true)
  })

  test.each(KEYED)('%s runs on the keys that it generates', async suite => {
    const [first, second] = (await keyed(suite)) as [Node, Node]
    await agreed(first, second, 'on keys')
    expect(second.status.suiteName).toBe(suite)
    expect(network?.failures).toEqual([])
    expect(network?.faults).toEqual([])
  })

  test('a member that was stopped in the middle, and one that restarts on keys, take part again', async () => {
    network = await KeyedNetwork.make({ suite: 'beat0' })
    const nodes = await Promise.all([0, 1, 2, 3].map(index => (network as KeyedNetwork).start(index)))
    await new Promise<void>(resolve => nodes[0]?.events.once('block', () => resolve()))
    await network.stop(2)
    nodes[2] = await network.start(2)
    await Promise.all(nodes.map(node => runs(node, 'beat0')))
    await network.stop(1)
    await network.stop(3)
    nodes[1] = await network.start(1)
    nodes[3] = await network.start(3)
    await Promise.all(nodes.map(node => runs(node, 'beat0')))
    await agreed(nodes[1] as Node, nodes[3] as Node, 'again')
    expect(network.failures).toEqual([])
  })

  test('other members go on at once with local coins, generate their own key, and erase what the old one was made with', async () => {
    const nodes = [...(await keyed('beat0'))] as [Node, Node, Node, Node, Node]
    const net = network as KeyedNetwork
    const [old] = await filesOf(0)
    nodes[4] = await net.start(4)
    // Member 3 leaves, member 4 comes.
    const elected = signOperation(
      { realm: 'keyed', kind: 'members', created: 0b10111, body: encodeBody('') },
      new Uint8Array(32).fill(99),
      crypto,
    )
    await nodes[0].submit([elected])
    const local = await configured(nodes[1], ({ index }) => index === 2)
    expect(local).toMatchObject({ suite: 'waterbear-qs-q' })
    expect(local.keySet).toBeUndefined()
    const next = await configured(nodes[4], ({ index }) => index === 3)
    expect(next).toMatchObject({ suite: 'beat0' })
    for (const node of [nodes[0], nodes[1], nodes[2], nodes[4]]) await runs(node, 'beat0')
    await agreed(nodes[4], nodes[0], 'from who came')
    expect(nodes[0].ledger.configuration.index).toBe(3)
    expect(await filesOf(0)).not.toContain(old)
    expect(await filesOf(0)).toHaveLength(1)
    expect(net.failures).toEqual([])
  })

  test('f members that never come up keep nobody from a key', async () => {
    network = await KeyedNetwork.make({ suite: 'pace', graceMs: 300 })
    const nodes = await Promise.all([0, 1, 2].map(index => (network as KeyedNetwork).start(index)))
    await Promise.all(nodes.map(node => runs(node, 'pace')))
    await agreed(nodes[0] as Node, nodes[1] as Node, 'without member 3')
    const late = await network.start(3)
    await runs(late, 'pace')
    expect(network.failures).toEqual([])
  })

  test('the secret of a box key is for its owner alone, and nothing of it is on the ledger', async () => {
    const [node] = (await keyed('beat0')) as [Node]
    const [name] = (await filesOf(0)) as [string]
    expect(await filesOf(0)).toHaveLength(1)
    const path = join(network?.directoryOf(0) as string, 'keys', name)
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    const files = new KeyFiles(join(network?.directoryOf(0) as string, 'keys'))
    const [index, id] = name.split('-') as [string, string]
    const filed = {
      id: Buffer.from(id, 'hex'),
      configuration: { ...node.genesis.configuration, index: Number(index) },
    }
    const secret = hex((await files.read(filed)) as Uint8Array)
    for await (const block of node.store.blocksFrom(0)) expect(hex(block)).not.toContain(secret)
  })
})

describe('the files of box keys', () => {
  test('are written once, read by their owner alone, and erased with what is older than a configuration', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mc-key-files-'))
    const files = new KeyFiles(join(directory, 'keys'))
    const of = (index: number) => ({
      id: new Uint8Array(32).fill(index),
      configuration: { index, firstEpoch: 0, suite: 'any', depth: 1, members: [] },
    })
    expect(await files.read(of(0))).toBeUndefined()
    for (const index of [0, 1, 10]) await files.write(of(index), new Uint8Array(32).fill(index + 1))
    await expect(files.write(of(1), new Uint8Array(32))).rejects.toThrow('EEXIST')
    await files.eraseBelow(10)
    expect(await files.read(of(0))).toBeUndefined()
    expect(await files.read(of(1))).toBeUndefined()
    expect(await files.read(of(10))).toEqual(new Uint8Array(32).fill(11))
    await files.eraseBelow(11)
    expect(await readdir(join(directory, 'keys'))).toEqual([])
    await rm(directory, { recursive: true })
  })
})
