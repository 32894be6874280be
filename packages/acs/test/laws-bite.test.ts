import { type Acs, type RabaSubsetMessage, rabaSubset, type Subset } from '@mc/acs'
import { describeAcs } from '@mc/acs/conformance'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import type { Committee } from '@mc/protocol'
import { type QuadraticMessage, quadraticRaba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { expect, test } from 'vitest'

type Message = RabaSubsetMessage<BrachaMessage, QuadraticMessage<never>>

/** What the suite says of a subset whose outputs are changed: the first line of every failure. */
function complaints(change: (subset: Subset, committee: Committee) => readonly Subset[]): string[] {
  const found: string[] = []
  const run = (body: () => void): void => {
    try {
      body()
    } catch (error) {
      found.push(String(error).split('\n')[0] as string)
    }
  }
  const make = ({ rng }: Parameters<Parameters<typeof describeAcs<Message>>[1]>[0]): Acs<Message> => {
    const sound = rabaSubset({
      rbc: brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 64 }),
      raba: quadraticRaba({ coin: localCoin({ rng }) }),
    })
    return {
      ...sound,
      create: (params, effects) =>
        sound.create(params, {
          send: (to, message) => effects.send(to, message),
          broadcast: message => effects.broadcast(message),
          output: subset => {
            for (const changed of change(subset, params.committee)) effects.output(changed)
          },
          fault: fault => effects.fault(fault),
          scope: child => effects.scope(child),
        }),
    }
  }
  // One test is enough to see whether a law bites.
  describeAcs('broken', make, {
    describe: (_, body) => body(),
    test: (name, body) => {
      if (name.startsWith('with nobody')) run(body)
    },
  })
  return found
}

const without = (subset: Subset, ...indices: number[]): Subset =>
  new Map([...subset].filter(([index]) => !indices.includes(index)))

test('a sound subset passes', () => {
  expect(complaints(subset => [subset])).toEqual([])
})

test.each<[string, RegExp, Parameters<typeof complaints>[0]]>([
  ['agreement', /agreement/, (subset, { n, self }) => [subset.size === n ? without(subset, self) : subset]],
  ['integrity by a second output', /integrity/, subset => [subset, subset]],
  [
    'integrity by another payload',
    /a correct proposer is in/,
    subset => [new Map([...subset].map(([index]) => [index, Uint8Array.of(1, 2, 3, 4)]))],
  ],
  ['size', /at least 3 payloads/, subset => [without(subset, ...[...subset.keys()].slice(2))]],
  ['order', /ascending/, subset => [new Map([...subset].reverse())]],
  ['termination', /termination/, () => []],
])('the laws catch a subset that breaks %s', (_, law, change) => {
  expect(complaints(change).join('\n')).toMatch(law)
})
