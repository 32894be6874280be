import { rabaSubset } from '@mc/acs'
import type { Coin } from '@mc/coin'
import type { Aba } from '@mc/raba'
import { expectTypeOf, test } from 'vitest'
import { type StubRabaMessage, type StubRbcMessage, stubRaba, stubRbc } from './stub-parts.js'

declare const aba: Aba<never>
declare const coin: Coin<never>

test('message types are inferred from the parts', () => {
  const acs = rabaSubset({ rbc: stubRbc(), raba: stubRaba() })
  type Message = Parameters<ReturnType<typeof acs.create>['handleMessage']>[1]
  type Inner<T extends Message['type']> = Extract<Message, { type: T }>['message']
  expectTypeOf<Inner<'rbc'>>().toEqualTypeOf<StubRbcMessage>()
  expectTypeOf<Inner<'raba'>>().toEqualTypeOf<StubRabaMessage>()
})

test('parts of the wrong kind do not compile', () => {
  void (() => {
    // @ts-expect-error an ABA cannot repropose
    rabaSubset({ rbc: stubRbc(), raba: aba })
    // @ts-expect-error a coin agrees on nothing
    rabaSubset({ rbc: stubRbc(), raba: coin })
    // @ts-expect-error an agreement does not broadcast
    rabaSubset({ rbc: stubRaba(), raba: stubRaba() })
    // @ts-expect-error a broadcast does not agree
    rabaSubset({ rbc: stubRbc(), raba: stubRbc() })
    // @ts-expect-error both parts are needed
    rabaSubset({ rbc: stubRbc() })
  })
})
