import { proposalCodec } from '@mc/abc'
import { sealOperation } from '@mc/acs'
import { seededRng } from '@mc/crypto'
import { hex, utf8 } from '@mc/protocol/wire'
import { silent } from '@mc/sim'
import { expect, test } from 'vitest'
import { dealtKeys } from './dealt-keys.js'
import { entryOf, factoryOf, makerOf } from './every-preset.js'
import { runPreset } from './preset-runs.js'
import { noBits, sha256 } from './suites.js'

const codec = proposalCodec({ operationBytesMax: 1_000, operationsMax: 10 })
const header = utf8('clock')

test('BEAT2: clients seal operations, batches hold the plaintexts, the same at all members', () => {
  const payloadBytesMax = 1_000
  for (const [n, adversary] of [
    [4, undefined],
    [7, silent()],
  ] as const) {
    const keys = dealtKeys(entryOf('beat2').parts, n)
    const scheme = keys[0]?.encryption?.scheme
    if (scheme === undefined) throw new Error('beat2 needs a key for its clients')
    const word = (index: number, at: number) => `vote ${index}/${at}`
    const run = runPreset(
      ({ rng, index }) =>
        factoryOf('beat2')({
          rng,
          sha256,
          keys: keys[index] as never,
          purpose: 'benchmark',
          payloadBytesMax,
        }) as never,
      {
        n,
        seed: 1,
        epochs: 2,
        ...(adversary && { adversary: adversary as never }),
        payloadOf: (index, at) => {
          const operation = utf8(word(index, at))
          const rng = seededRng(word(index, at), sha256)
          const sealed = sealOperation({ scheme, author: utf8(`client ${index}`), operation, rng })
          return codec.encode({ header, operations: [sealed] })
        },
      },
    )
    expect(run.violations).toEqual([])
    for (const other of run.batches) expect(other).toEqual(run.batches[0])
    const opened = (index: number, at: number) =>
      `${index}:${hex(codec.encode({ header, operations: [utf8(word(index, at))] }))}`
    for (const [at, batch] of (run.batches[0] ?? []).entries()) {
      const proposals = batch.split(' ')
      expect(proposals.length).toBeGreaterThanOrEqual(run.slots)
      for (const proposal of proposals) expect(proposal).toBe(opened(Number(proposal.split(':')[0]), at))
    }
  }
})

test('BEAT2 runs one epoch at a time: who read an operation while an earlier one is open could answer it there', () => {
  const keys = dealtKeys(entryOf('beat2').parts, 4)[0] as never
  const options = { rng: noBits, sha256, keys, purpose: 'benchmark', payloadBytesMax: 64 } as const
  expect(() => factoryOf('beat2')({ ...options, depth: 2 })).toThrow('one epoch at a time')
  expect(() => makerOf('beat2')({ rng: noBits as never, index: 0, n: 4 })).not.toThrow()
})
