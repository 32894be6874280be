import { shippedCid } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex, utf8 } from '@mc/protocol/wire'
import type { TopicsState } from '@mc/topics'
import { afterEach, expect, test } from 'vitest'
import { Approvals } from '../../src/organisation/approvals.js'
import { Hamlet, SUITES } from './hamlet.js'

const [first, second] = SUITES as [string, string]
const manifest = shippedCid({ kind: 'consensus', name: second }, crypto.sha256)
const upgrade = {
  type: 'protocol.upgrade',
  manifest,
  module: 'consensus',
  previous: undefined,
  isUrgent: true,
} as const

let hamlet: Hamlet | undefined

afterEach(async () => {
  await hamlet?.stop()
  hamlet = undefined
})

const moduleIn = ({ tables }: TopicsState) => tables.modules.get(utf8('consensus'))

test('a topic changes the suite of running nodes; the one that does not have it stops in words, and comes back', async () => {
  const network = await Hamlet.found()
  hamlet = network
  for (const { directory } of network.seats) new Approvals(`${directory}/approved-upgrades`).add(manifest)
  for (const at of [0, 1, 2]) await network.start(at)
  await network.start(3, { suites: [first] })
  await network.decide('upgrade', 'constitution', { type: 'actions', actions: [upgrade] })
  await network.until(() => moduleIn(network.stateOf())?.pending?.ready.length === 3, 'three are ready')
  // A day of lead, in blocks of ten minutes.
  for (let minutes = 0; network.node().status.suiteName === first; minutes += 10) {
    if (minutes > 3_000) throw new Error('it never takes force')
    await network.pass(600)
  }
  expect(moduleIn(network.stateOf())?.current).toEqual(manifest)
  await network.until(() => network.node(2).status.configuration.index === 1, 'all have moved on')
  expect(network.node(1).status).toMatchObject({ suiteName: second, members: 4, obstacle: undefined })

  const old = network.seats[3]!
  await network.until(() => old.failures.length > 0, 'the old one has stopped')
  expect(old.failures).toEqual([
    `the organisation runs the module "consensus" with the manifest ${hex(manifest)} now, and this software does not have it: ` +
      'install a version that does, and start the node again; it goes on where it stopped',
  ])
  await expect(network.node(3).submit([Uint8Array.of(1)])).rejects.toThrow('stopped')
  await network.stopSeat(3)
  // Started again as it is it says the same; with what is missing it goes on.
  await expect(network.start(3, { suites: [first] })).rejects.toThrow('install a version that does')
  await network.start(3)
  await network.pass(10)
  await network.agree()
  expect(network.node(3).status).toMatchObject({ suiteName: second, state: 'voting' })
  expect(network.seats.flatMap(({ failures }) => failures).length).toBe(1)
})
