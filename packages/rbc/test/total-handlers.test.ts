import { merkleCommitment } from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Driven, drive, driveEncoded, type PeerIndex, peer } from '@mc/protocol'
import {
  type BrachaMessage,
  brachaRbc,
  type CtMessage,
  ctRbc,
  type Delivery,
  type HashBrachaMessage,
  hashBrachaRbc,
} from '@mc/rbc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitTo, garbageBlock } from './forged-commitment.js'

const { sha256 } = nodeCrypto
const payloadBytesMax = 64
const params = { committee: committee({ n: 4, self: 0 }), proposer: peer(3) }
const seeded = { seed: 20_233, numRuns: Number(process.env['MC_SEEDS'] ?? 200) }

const from = fc.nat(3).map(peer)
/** Few values, so that votes meet. */
const payload = fc.constantFrom(...['m', 'x', ''].map(text => new Uint8Array(Buffer.from(text))))
const digest = payload.map(bytes => sha256(bytes))
const brachaMessage: fc.Arbitrary<BrachaMessage> = fc.oneof(
  fc.record({ type: fc.constantFrom('send' as const, 'echo' as const), payload }),
  fc.record({ type: fc.constant('ready' as const), digest }),
)

const coding = merkleCommitment({ sha256, payloadBytesMax }).among({ n: 4, f: 1 })
const plans = [
  coding.encode(Uint8Array.of(1)),
  coding.encode(Uint8Array.of(2, 0)),
  commitTo(garbageBlock(4)),
  commitTo([1, 2, 1, 2].map(length => new Uint8Array(length))),
]
const plan = fc.constantFrom(...plans)
const ctMessage: fc.Arbitrary<CtMessage> = fc.oneof(
  fc
    .record({ plan, index: fc.nat(3), type: fc.constantFrom('val' as const, 'echo' as const) })
    .map(({ plan: chosen, index, type }) => ({ type, ...chosen.shardOf(index) })),
  plan.map(({ root }) => ({ type: 'ready' as const, root })),
)

/** Plays any messages from anybody, and checks what holds whoever lies: once is once. */
function play<Message extends { readonly type: string }>(
  node: Driven<Uint8Array, Message, Delivery>,
  messages: readonly (readonly [PeerIndex, Message])[],
): void {
  const steps = messages.map(([sender, message]) => node.message(sender, message))
  const sent = steps.flatMap(step => step.messages.map(({ message }) => message.type))
  for (const type of ['echo', 'ready']) expect(sent.filter(other => other === type).length).toBeLessThan(2)
  expect(steps.flatMap(step => step.outputs).length).toBeLessThan(2)
}

describe('law 4: handlers are total', () => {
  test('brachaRbc: any messages of anybody in any order return normally, and nothing happens twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(from, brachaMessage), { maxLength: 40 }), messages => {
        play(drive(brachaRbc({ sha256, payloadBytesMax }), params), messages)
      }),
      seeded,
    )
  })

  test('ctRbc: any messages of anybody in any order return normally, and nothing happens twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(from, ctMessage), { maxLength: 40 }), messages => {
        play(drive(ctRbc({ sha256, payloadBytesMax }), params), messages)
      }),
      seeded,
    )
  })

  test('hashBrachaRbc: any messages of anybody in any order return normally, and nothing happens twice', () => {
    const message: fc.Arbitrary<HashBrachaMessage> = fc.oneof(
      fc.record({ type: fc.constantFrom('send' as const, 'body' as const), payload }),
      fc.record({ type: fc.constantFrom('echo' as const, 'ready' as const), digest }),
      fc.record({ type: fc.constant('pull' as const) }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(from, message), { maxLength: 40 }), messages => {
        play(drive(hashBrachaRbc({ sha256, payloadBytesMax }), params), messages)
      }),
      seeded,
    )
  })

  test('any bytes of anybody are a message or a fault', () => {
    const frame = fc
      .tuple(fc.nat(3), fc.uint8Array({ maxLength: 140 }))
      .map(([kind, rest]) => Uint8Array.of(kind, ...rest))
    fc.assert(
      fc.property(fc.array(fc.tuple(from, frame), { maxLength: 10 }), frames => {
        for (const rbc of [
          driveEncoded(brachaRbc({ sha256, payloadBytesMax }), params),
          driveEncoded(ctRbc({ sha256, payloadBytesMax }), params),
          driveEncoded(hashBrachaRbc({ sha256, payloadBytesMax }), params),
        ]) {
          for (const [sender, bytes] of frames) rbc.message(sender, bytes)
        }
      }),
      seeded,
    )
  })
})
