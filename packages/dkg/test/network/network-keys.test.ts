import { lagrangeAtZero, ristretto255, thresholdPrf } from '@mc/crypto/threshold'
import { type GeneratedKey, keySetOfSuite } from '@mc/dkg'
import type { PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { lies, lyingBoxes } from '../liars.js'
import { rngOf, sha256 } from '../log.js'
import { BEAT0, configurationOf, KeyedNetwork, NAMES, settingOf } from './keyed-network.js'

const SEEDS = Number(process.env['MC_SEEDS'] ?? 5)
const group = ristretto255
const NONE = new Uint8Array(0)

/** Whether any f + 1 = 2 shares give the key that all members know. */
function expectOneKey(shares: readonly (readonly GeneratedKey[])[], need: number): void {
  const [first] = shares as [readonly GeneratedKey[]]
  const { publicKey } = (first[need] as GeneratedKey).keys
  for (const [left, right] of [
    [0, 1],
    [1, 2],
  ] as const) {
    const members = [left, right] as PeerIndex[]
    const weights = lagrangeAtZero(members, group.order)
    const secret = members.reduce((sum, member, at) => {
      const share = group.decodeScalar(
        (shares[member] as readonly GeneratedKey[])[need]?.secretShare ?? NONE,
      ) as bigint
      return (sum + share * (weights[at] as bigint)) % group.order
    }, 0n)
    expect(hex(group.encode(group.multiply(group.generator, secret)))).toBe(hex(publicKey))
  }
}

for (let seed = 0; seed < SEEDS; seed += 1) {
  test(`4 members without keys reach an agreed key through their log while f deal wrongly (seed ${seed})`, () => {
    const liars = { dan: lyingBoxes(settingOf().boxes, lies.wrongValue(1)) }
    const network = new KeyedNetwork(NAMES, { seed: String(seed), liars })
    network.run()
    network.block(100, () => true)
    const configuration = network.configuration
    expect(configuration.suite).toBe('beat0')
    expect(configuration.index).toBe(1)
    const shares = NAMES.map(name => network.member(name).shares as readonly GeneratedKey[])
    for (const [need] of BEAT0.entries()) expectOneKey(shares, need)
    const keys = (shares[0] as readonly GeneratedKey[]).map(({ keys }) => keys)
    expect(hex(configuration.keySet as Uint8Array)).toBe(hex(keySetOfSuite(BEAT0, keys, sha256)))
    // The victim of the liar names it, whenever its dealing got in before the key was there.
    const named = network.members.flatMap(({ faults }) => faults)
    expect(named.every(fault => ['dkg/bad-row 3', 'dkg/bad-value 3'].includes(fault))).toBe(true)
    expect(network.refusals.filter(rule => rule !== 'dkg/complete')).toEqual([])
  })
}

test('the coin and the encryption have keys of their own', () => {
  const network = new KeyedNetwork(NAMES)
  network.run()
  const [coin, encryption] = network.member('ann').shares as readonly [GeneratedKey, GeneratedKey]
  expect(hex(coin.keys.publicKey)).not.toBe(hex(encryption.keys.publicKey))
  expect(thresholdPrf({ group, sha256, keys: coin.keys }).origin).toBe('generated')
})

test('whoever announces no box key has its share all the same, under its signature key', () => {
  const network = new KeyedNetwork(NAMES)
  // Three announce; the fourth is waited for no longer than the grace.
  network.speak(['dan'])
  network.block(100, () => true)
  network.block(9_999)
  expect(network.member('ann').keys.running?.isOpen).toBe(false)
  expect(network.member('ann').machine.wake?.(network.member('ann').state)?.dueMs).toBe(10_100)
  network.block(1)
  expect(network.member('ann').keys.running?.isOpen).toBe(true)
  network.run()
  const shares = NAMES.map(name => network.member(name).shares as readonly GeneratedKey[])
  expectOneKey(shares, 0)
  expect(shares[3]).toBeDefined()
})

test('f members that say nothing at all keep nobody from a key', () => {
  const network = new KeyedNetwork(NAMES)
  network.speak(['dan'])
  network.block(100, () => true)
  network.block(20_000)
  network.run({ except: ['dan'] })
  expect(network.configuration.suite).toBe('beat0')
})

test('a member that restarts in the middle has its share by reading its state again', () => {
  const network = new KeyedNetwork(NAMES)
  for (let at = 0; at < 60 && network.member('ann').keys.running !== undefined; at += 1) {
    network.speak()
    // What it had said is on the log before it says more: the node waits for that.
    network.block(100, () => true)
    network.members[at % 4]?.restart()
  }
  expect(network.configuration.suite).toBe('beat0')
  for (const { name } of network.members) network.member(name).restart()
  network.speak()
  const shares = NAMES.map(name => network.member(name).shares as readonly GeneratedKey[])
  for (const [need] of BEAT0.entries()) expectOneKey(shares, need)
})

test('while something of its own is on its way, a member that restarted says nothing', () => {
  const network = new KeyedNetwork(NAMES)
  network.speak()
  network.block(100, () => true)
  network.speak()
  const ann = network.member('ann')
  ann.restart()
  const generation = ann.keys.running
  if (generation === undefined) throw new Error('it is running')
  ann.speak()
  expect(ann.part?.member.advance(generation, false)).toEqual({ statements: [], faults: [] })
})

test('other members begin at once with local coins, and have their own key later', () => {
  const network = new KeyedNetwork(NAMES)
  network.run()
  expect(network.configuration.suite).toBe('beat0')
  const first = network.configuration.keySet
  network.join('eve', 'ann')
  const more = [...NAMES, 'eve']
  for (const { inner } of network.members) inner.next = configurationOf(more)
  network.block()
  for (const { inner } of network.members) inner.next = undefined
  expect(network.configuration).toMatchObject({ suite: 'waterbear-qs-q', index: 2 })
  expect(network.configuration.keySet).toBeUndefined()
  network.block()
  network.run()
  expect(network.configuration).toMatchObject({ suite: 'beat0', index: 3 })
  expect(network.configuration.members).toHaveLength(5)
  expect(hex(network.configuration.keySet as Uint8Array)).not.toBe(hex(first as Uint8Array))
  expect(network.member('eve').shares).toBeDefined()
})

test('members that change in the middle of a generation leave it: its keys would be those of others', () => {
  const network = new KeyedNetwork(NAMES)
  network.speak()
  network.block(100, () => true)
  const before = network.member('ann').keys.running
  const [, ...rest] = NAMES
  network.join('eve', 'ann')
  for (const { inner } of network.members) inner.next = configurationOf([...rest, 'eve', 'ann'])
  network.block(100, () => true)
  for (const { inner } of network.members) inner.next = undefined
  const { keys } = network.member('ann')
  expect(keys.generations).toHaveLength(1)
  expect(keys.running?.id).not.toEqual(before?.id)
  network.run()
  expect(network.configuration).toMatchObject({ suite: 'beat0', index: 2 })
})

test('a generation is kept as long as a configuration that names its keys is in force, and no longer', () => {
  const network = new KeyedNetwork(NAMES)
  network.run()
  network.block()
  expect(network.member('ann').keys.generations).toHaveLength(1)
  for (const { inner } of network.members) inner.next = configurationOf(['dan', 'cao', 'bob', 'ann'])
  network.block()
  for (const { inner } of network.members) inner.next = undefined
  // The block was agreed on by the old configuration.
  expect(network.member('ann').keys.generations).toHaveLength(2)
  network.block()
  expect(network.member('ann').keys.generations).toHaveLength(1)
})

test('in a pipeline the keys serve from the epoch that no open one reaches, and a change meanwhile waits', () => {
  const network = new KeyedNetwork(NAMES, { depth: 3 })
  network.run()
  const { keys } = network.member('ann')
  const announced = network.blocks.findLast(({ configuration }) => configuration !== undefined)
  expect(announced?.configuration?.firstEpoch).toBe((announced?.epoch as number) + 3)
  // What the machine inside decides now is left out, as the ledger leaves it out.
  for (const { inner } of network.members) inner.next = configurationOf(['dan', 'cao', 'bob', 'ann'], 3)
  network.block()
  expect(keys.latest).toBe(announced?.configuration)
  for (const { inner } of network.members) inner.next = undefined
  while (network.configuration.suite !== 'beat0') network.block()
  expect(network.epoch).toBe(announced?.configuration?.firstEpoch)
  expect(keys.generationOf(network.configuration.keySet as Uint8Array)).toBeDefined()
})

const ruleOf = (network: KeyedNetwork, operation: Uint8Array): string | undefined => {
  const { machine, state } = network.member('ann')
  const asked = machine.admit(state, operation)?.rule
  const before = machine.root(state)
  network.say([operation])
  network.refusals.length = 0
  network.block(0, one => one === operation)
  expect(network.refusals[0]).toBe(asked)
  if (asked !== undefined) expect(hex(machine.root(network.member('ann').state))).toBe(hex(before))
  return asked
}

test('what changes nothing is refused with a rule, and leaves the state as it was', () => {
  const network = new KeyedNetwork(NAMES)
  const ann = network.member('ann')
  const generation = ann.keys.running
  if (generation === undefined) throw new Error('it is running')
  const { id } = generation
  const { boxes } = settingOf()
  const key = boxes.generate(rngOf('a key')).publicKey
  const part = (bytes: Uint8Array, need = 0) => ({ type: 'part', generation: id, need, bytes }) as const
  const box = (boxKey: Uint8Array, of = id) => ({ type: 'box', generation: of, boxKey }) as const

  expect(ruleOf(network, ann.sign(part(new Uint8Array(40))))).toBe('dkg/not-open')
  expect(ruleOf(network, ann.sign(box(key, sha256(id))))).toBe('dkg/other-generation')
  expect(ruleOf(network, ann.sign(box(new Uint8Array(32).fill(255))))).toBe('dkg/no-box-key')
  expect(ruleOf(network, ann.sign(box(key)))).toBeUndefined()
  expect(ruleOf(network, ann.sign(box(boxes.generate(rngOf('b')).publicKey)))).toBe('dkg/second-box-key')
  const broken = ann.sign(box(key)).slice()
  broken[broken.length - 1] = (broken[broken.length - 1] as number) ^ 1
  expect(ruleOf(network, broken)).toBe('ledger/duplicate-operation')
  const stranger = new KeyedNetwork(['zoe']).member('zoe')
  expect(ruleOf(network, stranger.sign(box(key)))).toBe('dkg/not-a-member')

  ann.boxKeys = { publicKey: key, secretKey: boxes.generate(rngOf('a key')).secretKey }
  network.speak(['ann'])
  network.block(100, () => true)
  expect(ann.keys.running?.isOpen).toBe(true)
  expect(ruleOf(network, network.member('bob').sign(box(boxes.generate(rngOf('c')).publicKey)))).toBe(
    'dkg/opened-already',
  )
  expect(ruleOf(network, ann.sign(part(new Uint8Array(40))))).toBe('dkg/other-session')
  expect(ruleOf(network, ann.sign(part(new Uint8Array(40), 2)))).toBe('dkg/unknown-need')
  const dealing = ann.speak()[0] as Uint8Array
  expect(ruleOf(network, dealing)).toBeUndefined()
  expect(ruleOf(network, dealing)).toBe('ledger/duplicate-operation')
  ann.restart()
  network.waiting = []
})

test('who deals or acknowledges again is refused, and after the key everybody', () => {
  const network = new KeyedNetwork(NAMES)
  network.speak()
  network.block(100, () => true)
  const ann = network.member('ann')
  const dealings = ann.speak()
  ann.restart()
  const others = ann.speak()
  expect(ruleOf(network, dealings[0] as Uint8Array)).toBeUndefined()
  expect(ruleOf(network, others[0] as Uint8Array)).toBe('dkg/second-dealing')
  const bob = network.member('bob')
  const [, acknowledgement] = bob.speak()
  bob.restart()
  const [, again] = bob.speak()
  expect(ruleOf(network, acknowledgement as Uint8Array)).toBeUndefined()
  expect(ruleOf(network, again as Uint8Array)).toBe('dkg/acknowledged-already')
  for (const member of network.members) member.restart()
  network.run()
  expect(ruleOf(network, others[1] as Uint8Array)).toBe('dkg/complete')
})

test('a snapshot that tells something else is not accepted', () => {
  const network = new KeyedNetwork(NAMES)
  network.speak()
  network.block(100, () => true)
  const { machine, state } = network.member('ann')
  const snapshot = machine.snapshot(state)
  const reader = machine.openSnapshot(snapshot.manifest, machine.root(state))
  const last = snapshot.chunk(snapshot.chunkCount - 1)
  for (let at = 0; at < last.length; at += 37) {
    const changed = last.map((byte, place) => (place === at ? byte ^ 1 : byte))
    // Names and addresses of members are hints that no digest covers.
    if (reader?.accepts(snapshot.chunkCount - 1, changed)) {
      expect(machine.root(reader.restore([...chunksOf(snapshot).slice(0, -1), changed]))).toEqual(
        machine.root(state),
      )
    }
  }
  expect(machine.openSnapshot(snapshot.manifest, sha256(last))).toBeUndefined()
})

const chunksOf = ({
  chunkCount,
  chunk,
}: {
  chunkCount: number
  chunk(at: number): Uint8Array
}): Uint8Array[] => Array.from({ length: chunkCount }, (_, at) => chunk(at))
