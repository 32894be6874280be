import { afterEach, expect, test } from 'vitest'
import { KeyedProcesses } from './keyed-processes.js'

let network: KeyedProcesses
afterEach(() => network.close())

test('processes over libp2p reach an agreed key while f deal wrongly; BEAT0 runs on it; kill −9 loses nothing', async () => {
  network = await KeyedProcesses.make({ suite: 'beat0', n: 4, lies: 3 })
  const all = [0, 1, 2, 3]
  await Promise.all(all.map(index => network.start(index)))
  await network.kill(2)
  await network.start(2)
  await network.vote('beat0', all)
  const configurations = (await Promise.all(all.map(index => network.status(index)))).map(
    ({ configuration }) => configuration,
  )
  expect(configurations[0]).toMatchObject({ suite: 'beat0', index: 1 })
  for (const configuration of configurations) expect(configuration).toEqual(configurations[0])

  await network.agree(0, all, ['a word', 'and another'])
  await network.kill(1)
  await network.agree(2, [0, 2, 3], ['without member 1'])
  await network.start(1)
  await network.vote('beat0', all)
  await network.agree(1, all, ['member 1 has its share again'])
  const statuses = await Promise.all(all.map(index => network.status(index)))
  expect(new Set(statuses.map(({ stateRoot }) => stateRoot)).size).toBe(1)
  expect(network.failures).toEqual([])
  // Only the one that dealt wrongly is blamed, by whom it dealt wrongly to.
  const blamed = new Set(statuses.flatMap(({ faults }) => faults.filter(fault => fault.startsWith('dkg/'))))
  for (const fault of blamed) expect(['dkg/bad-row 3', 'dkg/bad-value 3']).toContain(fault)
}, 300_000)
