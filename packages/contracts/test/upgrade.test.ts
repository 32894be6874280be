/** The life of an upgrade: one test per step of the table. */
import { readFileSync } from 'node:fs'
import {
  advanceUpgrade,
  decidedUpgrade,
  isAvailable,
  isManual,
  isPaused,
  type Manifest,
  manifestCodec,
  PROBATION_BLOCKS,
  refuseToStart,
  type SeatedCommittee,
  UPGRADE_LAPSE,
  UPGRADE_LEAD,
  UPGRADE_LEAD_URGENT,
  type Upgrade,
  type UpgradeEvent,
} from '@mc/contracts'
import { hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidOf, id } from './world.js'

const vectors: { readonly manifest: string } = JSON.parse(
  readFileSync(new URL('./manifest.vectors.json', import.meta.url), 'utf8'),
)

const seats = ['a', 'b', 'c', 'd'].map(id)
const [a, b, c, d] = seats as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
const committee: SeatedCommittee = { n: 4, f: 1, seats }
const END = 500
const manifest = cidOf('manifest')
const stranger = id('stranger')
const digest = id('migrated')

const after = (upgrade: Upgrade, ...events: readonly UpgradeEvent[]): Upgrade =>
  events.reduce((state, event) => advanceUpgrade(state, event, committee), upgrade)
const ready = (seat: Uint8Array, testsPassed = true): UpgradeEvent => ({
  type: 'ready',
  seat,
  buildMatched: false,
  testsPassed,
})
const boundary = (clock: number, block = 10): UpgradeEvent => ({ type: 'boundary', block, clock })
const migrated = (seat: Uint8Array, to: Uint8Array | undefined = digest, block = 11): UpgradeEvent => ({
  type: 'migrated',
  seat,
  digest: to,
  block,
})
const fault = (seat: Uint8Array): UpgradeEvent => ({ type: 'fault', seat })

const decided = decidedUpgrade(manifest, END, false)
const allReady = after(decided, ready(a), ready(b), ready(c))
const switching = after(allReady, boundary(END + UPGRADE_LEAD))
const probation = after(switching, migrated(a), migrated(b), migrated(c))

describe('1 Propose', () => {
  test('manifest and sources are available from ≥ f + 1 nodes', () => {
    expect(isAvailable([a], committee)).toBe(false)
    expect(isAvailable([a, stranger], committee)).toBe(false)
    expect(isAvailable([a, b], committee)).toBe(true)
  })

  test('a person approves by default where a mistake stops everything', () => {
    expect(
      (['topics', 'contracts', 'consensus', 'ledger'] as const).filter(kind => isManual({ kind })),
    ).toEqual(['consensus', 'ledger'])
  })
})

describe('4 Ready', () => {
  test('a seat counts once, if its tests passed', () => {
    const some = after(decided, ready(a), ready(a), ready(b), ready(c, false))
    expect(after(some, boundary(END + UPGRADE_LEAD)).state).toBe('waiting')
  })

  test('a seat that has left the configuration does not count', () => {
    const some = after(decided, ready(a), ready(b), ready(stranger))
    expect(after(some, boundary(END + UPGRADE_LEAD)).state).toBe('waiting')
  })
})

describe('5 Activate', () => {
  test('at the first boundary with L ≥ publicityEnd + lead and ≥ n − f Ready', () => {
    expect(after(allReady, boundary(END + UPGRADE_LEAD - 1)).state).toBe('waiting')
    expect(switching).toMatchObject({ state: 'switching', at: 10 })
    expect(after(allReady, { type: 'block', block: 9_999 }).state).toBe('waiting')
  })

  test('an urgent one waits a day', () => {
    const urgent = after(decidedUpgrade(manifest, END, true), ready(a), ready(b), ready(d))
    expect(after(urgent, boundary(END + UPGRADE_LEAD_URGENT - 1)).state).toBe('waiting')
    expect(after(urgent, boundary(END + UPGRADE_LEAD_URGENT)).state).toBe('switching')
  })

  test('not reached within 60 d → Lapsed', () => {
    expect(after(decided, boundary(END + UPGRADE_LAPSE - 1)).state).toBe('waiting')
    expect(after(decided, boundary(END + UPGRADE_LAPSE)).state).toBe('lapsed')
    expect(after(allReady, boundary(END + UPGRADE_LAPSE)).state).toBe('lapsed')
  })
})

describe('6 Switch', () => {
  test('n − f on one H(cid, root(S′)) begin probation', () => {
    expect(after(switching, migrated(a), migrated(b)).state).toBe('switching')
    expect(probation).toMatchObject({ state: 'probation', checkpoint: 10, from: 11, digest })
  })

  test('no n − f agreement → all stay on the old code', () => {
    const other = id('other')
    expect(after(switching, migrated(a), migrated(b, other)).state).toBe('switching')
    expect(after(switching, migrated(a), migrated(b, other), migrated(c, other)).state).toBe('switching')
    expect(after(switching, migrated(a), migrated(b, other), migrated(c), migrated(d, other)).state).toBe(
      'failed',
    )
    const failing: UpgradeEvent[] = [a, b].map(seat => ({
      type: 'migrated',
      seat,
      digest: undefined,
      block: 11,
    }))
    expect(after(switching, ...failing).state).toBe('failed')
  })

  test('a seat’s first word counts', () => {
    expect(after(switching, migrated(a), migrated(a, id('x')), migrated(b), migrated(c)).state).toBe(
      'probation',
    )
    expect(after(switching, migrated(a), migrated(a), migrated(a)).state).toBe('switching')
  })
})

describe('7 Probation', () => {
  test('UpgradeFault from ≥ f + 1 pauses the execution of new topics', () => {
    expect(isPaused(after(probation, fault(a)), committee)).toBe(false)
    expect(isPaused(after(probation, fault(a), fault(a)), committee)).toBe(false)
    expect(isPaused(after(probation, fault(a), fault(b)), committee)).toBe(true)
  })

  test('from n − f ⇒ deterministic rollback to the checkpoint', () => {
    expect(after(probation, fault(a), fault(b), fault(stranger)).state).toBe('probation')
    expect(after(probation, fault(a), fault(b), fault(c))).toMatchObject({ state: 'rolledBack', to: 10 })
  })
})

describe('8 Settle', () => {
  test('after K blocks the old module is retired', () => {
    expect(after(probation, { type: 'block', block: 11 + PROBATION_BLOCKS - 1 }).state).toBe('probation')
    const settled = after(probation, { type: 'block', block: 11 + PROBATION_BLOCKS })
    expect(settled).toMatchObject({ state: 'settled', digest })
    expect(after(settled, fault(a), fault(b), fault(c))).toBe(settled)
  })

  test('a pause by f + 1 ends with probation: it holds nobody up for ever', () => {
    const paused = after(probation, fault(a), fault(b))
    expect(after(paused, { type: 'block', block: 11 + PROBATION_BLOCKS }).state).toBe('settled')
  })

  test('threat D: a node refuses to start with a module that the ledger does not run', () => {
    expect(refuseToStart(cidOf('new'), cidOf('new'))).toBeUndefined()
    expect(refuseToStart(cidOf('old'), cidOf('new'))).toMatch(/fork/)
    expect(refuseToStart(cidOf('first'), undefined)).toBeUndefined()
  })
})

test('f Byzantine seats alone neither switch, nor stop, nor roll back an upgrade', () => {
  const events = fc.constantFrom<UpgradeEvent>(
    ready(a),
    migrated(a),
    migrated(a, id('x')),
    fault(a),
    ready(stranger),
    migrated(stranger),
    fault(stranger),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(decided, switching, probation),
      fc.array(events, { maxLength: 30 }),
      (start, list) => {
        const end = after(start, ...list)
        expect(end.state).toBe(start.state)
        expect(isPaused(end, committee)).toBe(false)
      },
    ),
    { seed: 11, numRuns: 200 },
  )
})

test('the same events in the same order give the same upgrade', () => {
  const run = (): Upgrade =>
    after(
      decided,
      ready(b),
      ready(a),
      ready(d),
      boundary(END + UPGRADE_LEAD),
      migrated(d),
      migrated(a),
      migrated(b),
      fault(c),
    )
  expect(run()).toEqual(run())
})

test('the bytes of a manifest are those that were written down', () => {
  const record: Manifest = {
    module: cidOf('module'),
    abi: 1,
    name: 'topics',
    previous: undefined,
    source: cidOf('source'),
    buildRecipe: cidOf('recipe'),
    stateMigration: 'migrate',
    minNode: '0.2.0',
    tests: cidOf('tests'),
    kind: 'topics',
  }
  expect(hex(manifestCodec.encode(record))).toBe(vectors.manifest)
  expect(manifestCodec.decode(manifestCodec.encode(record))).toEqual(record)
})
