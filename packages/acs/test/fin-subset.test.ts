import { type FinSubsetMessage, finSubset, type Subset } from '@mc/acs'
import { committee, type Driven, drive, faultsTolerated, peer, type Step } from '@mc/protocol'
import { fromHex, hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import {
  type StubElectionMessage,
  type StubRabaMessage,
  type StubRbcMessage,
  stubElection,
  stubRaba,
  stubRbc,
} from './stub-parts.js'

type Message = FinSubsetMessage<StubRbcMessage, StubRabaMessage, StubElectionMessage>
type SubsetStep = Step<Message, Subset>

const payloadOf = (proposer: number): Uint8Array => Uint8Array.of(proposer, 7)
const acs = () => finSubset({ rbc: stubRbc(), raba: stubRaba(), election: stubElection() })

interface Member {
  readonly node: Driven<Uint8Array, Message, Subset>
  deliver(...proposers: number[]): SubsetStep
  spoil(proposer: number): SubsetStep
  /** The validated agreement delivers what this member proposed to it, in hexadecimal. */
  propose(proposer: number, value: string): SubsetStep
  /** The validated agreement ends with the value of this member. */
  agree(leader: number): SubsetStep
}

/** Member 0 of n, whose parts do what the test says. */
function member(n = 4): Member {
  const node = drive(acs(), { committee: committee({ n, self: 0 }), domain: ['test', 0] })
  const hear = (...messages: Message[]): SubsetStep => {
    const steps = messages.map(message => node.message(peer(1), message))
    return {
      messages: steps.flatMap(step => step.messages),
      outputs: steps.flatMap(step => step.outputs),
      faults: steps.flatMap(step => step.faults),
    }
  }
  const all = Array.from({ length: n }, (_, index) => peer(index))
  return {
    node,
    deliver: (...proposers) =>
      hear(
        ...proposers.map(
          (proposer): Message => ({
            type: 'rbc',
            proposer: peer(proposer),
            message: { type: 'deliver', payload: payloadOf(proposer) },
          }),
        ),
      ),
    spoil: proposer => hear({ type: 'rbc', proposer: peer(proposer), message: { type: 'spoil' } }),
    propose: (proposer, value) =>
      hear({
        type: 'mvba',
        message: {
          type: 'rbc',
          proposer: peer(proposer),
          message: { type: 'deliver', payload: fromHex(value) },
        },
      }),
    agree: leader => {
      for (const from of all) {
        const members = all.slice(0, n - faultsTolerated(n))
        node.message(from, { type: 'mvba', message: { type: 'gather', message: { type: 'u', members } } })
      }
      return hear(
        {
          type: 'mvba',
          message: { type: 'election', iteration: 0, message: { type: 'elect', index: leader } },
        },
        { type: 'mvba', message: { type: 'raba', iteration: 0, message: { type: 'decide', bit: 1 } } },
      )
    },
  }
}

/** What was proposed to the validated agreement, in hexadecimal. */
const proposed = (step: SubsetStep): string[] =>
  step.messages.flatMap(({ message }) => {
    if (message.type !== 'mvba' || message.message.type !== 'rbc') return []
    const { message: inner } = message.message
    return inner.type === 'given' ? [hex(inner.payload)] : []
  })
const subset = (...proposers: number[]): Subset =>
  new Map(proposers.map(proposer => [peer(proposer), payloadOf(proposer)]))

describe('agreement.md 14.5: finSubset', () => {
  test('C1: our payload is broadcast by our own RBC', () => {
    expect(member().node.input(payloadOf(0)).messages).toEqual([
      { to: 'all', message: { type: 'rbc', proposer: 0, message: { type: 'given', payload: payloadOf(0) } } },
    ])
  })

  test('C2: on n − f delivered the MVBA input is their index set, once', () => {
    const { deliver } = member()
    expect(proposed(deliver(3, 0))).toEqual([])
    expect(proposed(deliver(2))).toEqual(['0d'])
    expect(proposed(deliver(1))).toEqual([])
  })

  test('C2: n − f, not 2f + 1: with n = 6, f = 1 four deliveries are not enough', () => {
    const { deliver } = member(6)
    expect(proposed(deliver(0, 1, 2, 3))).toEqual([])
    expect(proposed(deliver(5))).toEqual(['2f'])
  })

  test('C2: a broadcast that delivered BAD counts like any other', () => {
    const { deliver, spoil } = member()
    deliver(0, 1)
    expect(proposed(spoil(2))).toEqual(['07'])
  })

  test('C2: Q(S): |S| ≥ n − f, n bits and no more: whoever proposes another S is blamed', () => {
    const { deliver, propose } = member()
    deliver(0, 1, 2, 3)
    for (const [at, value] of ['03', '17', '0700', ''].entries()) {
      const { faults } = propose(at, value)
      expect(faults.map(({ rule, peer }) => [rule, peer])).toEqual([['acs/invalid-value', at]])
    }
  })

  test('C2: Q(S): not before RBC_j has delivered here for all j ∈ S', () => {
    const { deliver, propose, agree } = member()
    deliver(0, 1, 2)
    propose(0, '07')
    propose(1, '07')
    propose(2, '0d')
    expect(agree(2).outputs).toEqual([])
    expect(deliver(3).outputs).toEqual([subset(0, 2, 3)])
  })

  test('C3: output the payloads of S, ascending by proposer, and of nobody else', () => {
    const { deliver, propose, agree } = member()
    deliver(3, 2, 1, 0)
    for (const proposer of [0, 1, 2]) propose(proposer, '0e')
    const [output] = agree(1).outputs
    expect(output).toEqual(subset(1, 2, 3))
    expect([...(output as Subset).keys()]).toEqual([1, 2, 3])
  })

  test('C3: a broadcast of S that delivered BAD is in with an empty payload', () => {
    const { deliver, spoil, propose, agree } = member()
    deliver(0, 1)
    spoil(2)
    for (const proposer of [0, 1, 2]) propose(proposer, '07')
    expect(agree(0).outputs).toEqual([new Map([...subset(0, 1), [peer(2), new Uint8Array(0)]])])
  })

  test('after the output an instance goes on helping, and gives none again', () => {
    const { deliver, propose, agree } = member()
    deliver(0, 1, 2)
    for (const proposer of [0, 1, 2]) propose(proposer, '07')
    expect(agree(0).outputs).toHaveLength(1)
    expect(deliver(3)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(propose(3, '0f').outputs).toEqual([])
  })

  test('a part that breaks its contract is a bug of ours: it stops the node', () => {
    const { deliver } = member()
    deliver(1)
    expect(() => deliver(1)).toThrow('a broadcast delivers once')
  })

  test('the broadcast must carry n bits', () => {
    const create = (n: number) => drive(acs(), { committee: committee({ n, self: 0 }), domain: [] })
    expect(() => create(8 * 64)).not.toThrow()
    expect(() => create(8 * 64 + 1)).toThrow('need a broadcast of 65 bytes, got 64')
  })

  test('the largest payload is that of the broadcast, and n − f slots are guaranteed', () => {
    const { guaranteedSlots, payloadBytesMax } = acs()
    expect(payloadBytesMax).toBe(64)
    const sizes = [4, 5, 6, 7, 8, 9, 10, 13, 16]
    expect(sizes.map(n => guaranteedSlots({ n, f: faultsTolerated(n) }))).toEqual([
      3, 4, 5, 5, 6, 7, 7, 9, 11,
    ])
  })
})
