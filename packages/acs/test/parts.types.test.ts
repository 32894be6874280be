import {
  type Acs,
  type BkrSubsetMessage,
  bkrSubset,
  type Election,
  finSubset,
  type RabaSubsetMessage,
  rabaSubset,
} from '@mc/acs'
import type { Coin, ElectionCoin } from '@mc/coin'
import { expectTypeOf, test } from 'vitest'
import {
  type StubAbaMessage,
  type StubElectionMessage,
  type StubRabaMessage,
  type StubRbcMessage,
  stubAba,
  stubElection,
  stubRaba,
  stubRbc,
} from './stub-parts.js'

declare const coin: Coin<never>

type MessageOf<A> = A extends Acs<infer Message> ? Message : never
type Inner<Message, Type> = Message extends { readonly type: Type; readonly message: infer M } ? M : never

test('message types are inferred from the parts', () => {
  const raba = rabaSubset({ rbc: stubRbc(), raba: stubRaba() })
  expectTypeOf<MessageOf<typeof raba>>().toEqualTypeOf<RabaSubsetMessage<StubRbcMessage, StubRabaMessage>>()
  expectTypeOf<Inner<MessageOf<typeof raba>, 'raba'>>().toEqualTypeOf<StubRabaMessage>()

  const bkr = bkrSubset({ rbc: stubRbc(), aba: stubAba() })
  expectTypeOf<MessageOf<typeof bkr>>().toEqualTypeOf<BkrSubsetMessage<StubRbcMessage, StubAbaMessage>>()
  expectTypeOf<Inner<MessageOf<typeof bkr>, 'aba'>>().toEqualTypeOf<StubAbaMessage>()

  const fin = finSubset({ rbc: stubRbc(), raba: stubRaba(), election: stubElection() })
  type Mvba = Inner<MessageOf<typeof fin>, 'mvba'>
  expectTypeOf<Inner<MessageOf<typeof fin>, 'rbc'>>().toEqualTypeOf<StubRbcMessage>()
  expectTypeOf<Inner<Mvba, 'rbc'>>().toEqualTypeOf<StubRbcMessage>()
  expectTypeOf<Inner<Mvba, 'raba'>>().toEqualTypeOf<StubRabaMessage>()
  expectTypeOf<Inner<Mvba, 'election'>>().toEqualTypeOf<StubElectionMessage>()
})

test('the leader coin of @mc/coin is an election', () => {
  expectTypeOf<ElectionCoin<never>>().toExtend<Election<never>>()
})

test('parts of the wrong kind do not compile: rabaSubset', () => {
  void (() => {
    // @ts-expect-error an ABA cannot repropose
    rabaSubset({ rbc: stubRbc(), raba: stubAba() })
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

test('parts of the wrong kind do not compile: bkrSubset', () => {
  void (() => {
    // @ts-expect-error a RABA need not end for mixed inputs
    bkrSubset({ rbc: stubRbc(), aba: stubRaba() })
    // @ts-expect-error a coin agrees on nothing
    bkrSubset({ rbc: stubRbc(), aba: coin })
    // @ts-expect-error an agreement does not broadcast
    bkrSubset({ rbc: stubAba(), aba: stubAba() })
    // @ts-expect-error a broadcast does not agree
    bkrSubset({ rbc: stubRbc(), aba: stubRbc() })
    // @ts-expect-error the agreement of a RABA subset has another place
    bkrSubset({ rbc: stubRbc(), raba: stubRaba() })
  })
})

test('parts of the wrong kind do not compile: finSubset', () => {
  void (() => {
    // @ts-expect-error an ABA cannot repropose
    finSubset({ rbc: stubRbc(), raba: stubAba(), election: stubElection() })
    // @ts-expect-error a coin of two sides elects nobody
    finSubset({ rbc: stubRbc(), raba: stubRaba(), election: coin })
    // @ts-expect-error an agreement elects nobody
    finSubset({ rbc: stubRbc(), raba: stubRaba(), election: stubRaba() })
    // @ts-expect-error without an election there is no leader
    finSubset({ rbc: stubRbc(), raba: stubRaba() })
  })
})
