import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXECUTOR_MODULE, executorModule, shippedCid } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { NodeEvents, Submission } from '@mc/node'
import { hex, utf8 } from '@mc/protocol/wire'
import { type Executor, type ProtocolModule, UPGRADE_LEAD } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { Approvals } from '../../src/organisation/approvals.js'
import { Software, SUITE_MODULE } from '../../src/organisation/software.js'
import { UpgradeKeeper } from '../../src/organisation/upgrade-keeper.js'
import { BareVillage, REALM } from './bare-village.js'

const DAY = 86_400
const { sha256 } = crypto
const SUITES = ['waterbear-qs-q', 'waterbear-q']
const cubic = shippedCid({ kind: SUITE_MODULE, name: 'waterbear-q' }, sha256)
const unknown = shippedCid({ kind: SUITE_MODULE, name: 'from the future' }, sha256)

/** An executor that refuses everything in its own words. */
const future: Executor = {
  name: 'future',
  version: 7,
  validate: () => ({ valid: true, capabilities: ['event'], gas: 1 }),
  execute: () => ({ outcome: 'failed', reason: 'the future says no', gas: 1 }),
  apply: () => ({ outcome: 'failed', reason: 'the future says no', gas: 1 }),
  holds: () => false,
}
const futureCid = shippedCid({ kind: EXECUTOR_MODULE, name: executorModule(future) }, sha256)

const village = (options: Parameters<typeof BareVillage.found>[0] = {}): Promise<BareVillage> =>
  BareVillage.found({ people: 1, suites: SUITES, ...options })

/** Ann decides alone on an upgrade of a module, and its publicity ends. */
function decide(on: BareVillage, module: string, manifest: Uint8Array, previous?: Uint8Array): void {
  const action = { type: 'protocol.upgrade', manifest, module, previous, isUrgent: false } as const
  on.decide('upgrade', 'constitution', [action])
  expect(on.inner.tables.modules.get(utf8(module))?.pending?.manifest).toEqual(manifest)
}

const moduleIn = (on: BareVillage, name: string): ProtocolModule | undefined =>
  on.inner.tables.modules.get(utf8(name))

/** A keeper of a seat, with a node that keeps what it was handed. */
function keeperOf(on: BareVillage, seat: number, software: Software, approvals: Approvals) {
  const secretKey = on.seats[seat] as Uint8Array
  const keeper = new UpgradeKeeper({
    realm: REALM,
    secretKey,
    crypto,
    software,
    approvals,
    state: () => on.inner,
  })
  const submitted: Uint8Array[] = []
  const told: string[] = []
  const events = new EventEmitter<NodeEvents>()
  events.on('fault', ({ rule }) => told.push(rule))
  const node = {
    events,
    submit: async (operations: readonly Uint8Array[]): Promise<readonly Submission[]> => {
      submitted.push(...operations)
      return []
    },
    get ledger() {
      return { configuration: on.configuration, nextEpoch: on.epoch }
    },
  }
  return { keeper, submitted, told, leave: keeper.attend(node), events }
}

const approvalsIn = (directory = mkdtempSync(join(tmpdir(), 'approvals-'))): Approvals =>
  new Approvals(join(directory, 'approved-upgrades'))

const softwareOf = (suites: readonly string[] = SUITES): Software =>
  new Software({ suites, executors: [future], sha256 })

const settle = (): Promise<void> => new Promise(setImmediate)

/** All seats say that they are ready, each by its keeper. */
async function allReady(on: BareVillage, manifest: Uint8Array, software = softwareOf()): Promise<void> {
  const approvals = approvalsIn()
  approvals.add(manifest)
  const keepers = on.seats.map((_, seat) => keeperOf(on, seat, software, approvals))
  await settle()
  on.block(keepers.flatMap(({ submitted }) => submitted))
  for (const { leave } of keepers) await leave()
}

describe('what the software has', () => {
  test('is found by the module and its manifest, and no module stands for another one', () => {
    const software = softwareOf()
    expect(software.modules.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'consensus/waterbear-qs-q',
      'consensus/waterbear-q',
      'contracts/future@7',
    ])
    expect(software.find('consensus', cubic)?.name).toBe('waterbear-q')
    expect(software.find('contracts', cubic)).toBe(undefined)
    expect(software.find('consensus', unknown)).toBe(undefined)
  })

  test('a genesis that runs a module which is not here is not begun with', async () => {
    const on = await village({ founded: { modules: [{ name: 'consensus', current: unknown }] } })
    expect(() => on.block()).toThrow('install a version that does')
    const other = await village({ founded: { modules: [{ name: 'ledger', current: cubic }] } })
    expect(() => other.block()).toThrow('the organisation runs the module "ledger"')
  })
})

describe('an upgrade of the suite', () => {
  test('is in force once n − f seats are ready and its lead is over: the next configuration names the suite', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    await allReady(on, cubic)
    expect(moduleIn(on, SUITE_MODULE)?.pending?.ready.length).toBe(4)
    expect(on.block([], UPGRADE_LEAD.normal - DAY).configuration).toBe(undefined)
    const { configuration, events } = on.block([], 2 * DAY)
    expect(configuration).toMatchObject({ suite: 'waterbear-q', members: on.genesis.configuration.members })
    expect(events?.map(({ type }) => type)).toContain('upgrade-activated')
    expect(moduleIn(on, SUITE_MODULE)?.current).toEqual(cubic)
    // From then on nothing more is to be decided.
    expect(on.block([], DAY).configuration).toBe(undefined)
  })

  test('waits while another configuration waits to take force', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    await allReady(on, cubic)
    on.decided = { ...on.configuration, index: 1 }
    on.block([], UPGRADE_LEAD.normal - DAY)
    expect(on.block([], 2 * DAY).configuration).toBe(undefined)
    on.decided = undefined
    expect(on.block().configuration?.suite).toBe('waterbear-q')
  })

  test('that is rolled back brings the suite of before', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    await allReady(on, cubic)
    on.block([], UPGRADE_LEAD.normal - DAY)
    on.block([], 2 * DAY)
    expect(on.configuration.suite).toBe('waterbear-q')
    const faults = on.seats.slice(0, 3).map(secretKey => {
      return on.asSeat(secretKey, { type: 'upgradeFault', manifest: cubic, reason: 'it stands still' })
    })
    expect(on.block(faults).configuration?.suite).toBe('waterbear-qs-q')
  })

  test('lapses where the software of too many does not have it, and nothing stops', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, unknown)
    const keepers = on.seats.map((_, seat) => keeperOf(on, seat, softwareOf(), approvalsIn()))
    await settle()
    expect(keepers.flatMap(({ submitted }) => submitted)).toEqual([])
    expect(keepers.map(({ told }) => told)).toEqual(Array(4).fill(['node/upgrade-missing']))
    for (let day = 0; day < 62; day += 1) on.block([], DAY)
    expect(moduleIn(on, SUITE_MODULE)).toMatchObject({ current: undefined, pending: undefined })
  })

  test('a node without it stops in front of the block that puts it in force, and has computed all before', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    await allReady(on, cubic)
    on.block([], UPGRADE_LEAD.normal - DAY)
    const old = await on.elsewhere({ suites: ['waterbear-qs-q'] })
    expect(old.root).toBe(on.root)
    expect(() => old.block([], 2 * DAY)).toThrow(
      `the organisation runs the module "consensus" with the manifest ${hex(cubic)} now, and this software does not have it: install a version that does, and start the node again`,
    )
    // With the newer software it goes on from there, to the state of all others.
    on.block([], 2 * DAY)
    const newer = await on.elsewhere({ suites: SUITES })
    expect(newer.root).toBe(on.root)
  })
})

describe('an upgrade of the executor', () => {
  test('all go over in the same block, and what was before is executed again as it was', async () => {
    const on = await village({ executors: [future] })
    decide(on, EXECUTOR_MODULE, futureCid)
    await allReady(on, futureCid)
    const emit = { type: 'event.emit', name: 'hello', payload: utf8('!') } as const
    const outcomeOf = (topic: Uint8Array): unknown => on.inner.tables.topics.must(topic).result
    expect(outcomeOf(on.decide('contract', 'general', [emit]))).toMatchObject({ type: 'executed' })
    for (let day = 0; day < 7; day += 1) on.block([], DAY)
    expect(moduleIn(on, EXECUTOR_MODULE)?.current).toEqual(futureCid)
    expect(outcomeOf(on.decide('contract', 'general', [emit]))).toMatchObject({
      type: 'failed',
      reason: 'the future says no',
    })
    expect((await on.elsewhere({ suites: SUITES, executors: [future] })).root).toBe(on.root)
  })
})

describe('a node says that it is ready', () => {
  test('once its software has it and its operator has approved it, and not again', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    const approvals = approvalsIn()
    const { keeper, submitted, told, events, leave } = keeperOf(on, 0, softwareOf(), approvals)
    const look = () => events.emit('block', {} as never)
    await settle()
    expect([submitted.length, told]).toEqual([0, ['node/upgrade-unapproved']])
    approvals.add(cubic)
    keeper.look()
    for (let at = 0; at < 5; at += 1) look()
    await settle()
    expect(submitted.length).toBe(1)
    on.block(submitted.splice(0))
    expect(moduleIn(on, SUITE_MODULE)?.pending?.ready.map(({ publicKey }) => publicKey)).toEqual([
      crypto.ed25519.publicKey(on.seats[0] as Uint8Array),
    ])
    for (let block = 0; block < 40; block += 1) {
      on.block()
      look()
    }
    await settle()
    expect([submitted.length, told.length]).toEqual([0, 1])
    await leave()
    look()
    expect(submitted).toEqual([])
  })

  test('again if the ledger does not have it after a while', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    const approvals = approvalsIn()
    approvals.add(cubic)
    const { submitted, events } = keeperOf(on, 0, softwareOf(), approvals)
    for (let block = 0; block < 40; block += 1) {
      on.block()
      events.emit('block', {} as never)
    }
    await settle()
    expect(submitted.length).toBe(2)
    expect(submitted[0]).toEqual(submitted[1])
  })

  test('without being asked where the sandbox decides, as contracts do', async () => {
    const on = await village({ executors: [future] })
    decide(on, EXECUTOR_MODULE, futureCid)
    const { submitted } = keeperOf(on, 2, softwareOf(), approvalsIn())
    await settle()
    expect(submitted.length).toBe(1)
  })

  test('and is heard, also where seats are nobody’s who is a member', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    const { machine } = on.machine
    const body = { type: 'upgradeFault', manifest: cubic, reason: 'why not' } as const
    expect(machine.admit(on.state, on.asSeat(on.seats[1] as Uint8Array, body))?.rule).toBe(
      'topics/unknown-upgrade',
    )
    expect(machine.admit(on.state, on.asSeat(crypto.rng.bytes(32), body))?.rule).toBe('topics/not-a-seat')
  })

  test('only if it has a seat', async () => {
    const on = await village()
    decide(on, SUITE_MODULE, cubic)
    const approvals = approvalsIn()
    approvals.add(cubic)
    on.configuration = { ...on.configuration, members: on.configuration.members.slice(1) }
    const { submitted, told } = keeperOf(on, 0, softwareOf(), approvals)
    await settle()
    expect([submitted, told]).toEqual([[], []])
  })
})

describe('approvals', () => {
  test('hold after a restart, each once, and no more of them than there is room for', () => {
    const directory = mkdtempSync(join(tmpdir(), 'approvals-'))
    const approvals = approvalsIn(directory)
    approvals.add(cubic)
    approvals.add(cubic)
    expect(approvalsIn(directory).has(cubic)).toBe(true)
    expect(approvalsIn(directory).has(unknown)).toBe(false)
    expect(readFileSync(join(directory, 'approved-upgrades'), 'utf8')).toBe(`${hex(cubic)}\n`)
    const lines = Array.from({ length: 300 }, (_, at) => hex(sha256(Uint8Array.of(at & 255, at >> 8))))
    writeFileSync(join(directory, 'approved-upgrades'), `not one\n${lines.join('\n')}`)
    approvalsIn(directory).add(cubic)
    expect(approvalsIn(directory).manifests.map(hex)).toEqual([...lines.slice(-255), hex(cubic)])
  })
})
