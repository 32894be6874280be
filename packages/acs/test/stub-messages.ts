/**
 * Messages of stub parts at random, to be carried by whatever holds such parts.
 */
import { peer } from '@mc/protocol'
import fc from 'fast-check'
import type { StubAbaMessage, StubElectionMessage, StubRabaMessage, StubRbcMessage } from './stub-parts.js'

const bit = fc.constantFrom(0 as const, 1 as const)

export const rbcMessage: fc.Arbitrary<StubRbcMessage> = fc.oneof(
  fc.record({
    type: fc.constantFrom('deliver' as const, 'given' as const),
    payload: fc.uint8Array({ maxLength: 64 }),
  }),
  fc.constant({ type: 'spoil' as const }),
)

export const rabaMessage: fc.Arbitrary<StubRabaMessage> = fc.oneof(
  fc.record({ type: fc.constant('decide' as const), bit }),
  fc.record({ type: fc.constant('given' as const), input: fc.nat(2) }),
)

export const abaMessage: fc.Arbitrary<StubAbaMessage> = fc.record({
  type: fc.constantFrom('decide' as const, 'given' as const),
  bit,
})

export const electionMessage: fc.Arbitrary<StubElectionMessage> = fc.oneof(
  fc.record({ type: fc.constant('elect' as const), index: fc.nat(255) }),
  fc.constant({ type: 'asked' as const }),
)

/** Any of n members. */
export const anyPeer = (n: number): fc.Arbitrary<ReturnType<typeof peer>> => fc.nat(n - 1).map(peer)
