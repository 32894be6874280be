import { fixedCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { peer, round } from '@mc/protocol'
import { brachaAba } from '@mc/raba'
import { brachaRbc, type Rbc } from '@mc/rbc'
import { scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../src/bracha/inspect.js'
import { brachaMember } from './borne-member.js'
import { parityCoin } from './common-coin.js'
import { idealRbc } from './ideal-rbc.js'
import { voteRbc } from './vote-rbc.js'

type Member = ReturnType<typeof brachaMember>

/** What a member broadcasts itself; it echoes nothing, since broadcasts are ideal. */
const own = (sent: readonly string[]) => sent.filter(message => message.startsWith('0: '))

/** Steps 1 and 2 of round 0 of four, who proposed and voted 0, 0, 1, 1. */
function splitStep2(member: Member): void {
  member.hear([1], 'vote1_0(0)')
  member.hear([2, 3], 'vote1_0(1)')
  member.hear([1], 'vote2_0(0)')
  member.hear([2, 3], 'vote2_0(1)')
}

describe('the steps of a round', () => {
  test('1: broadcast est; upon n − f valid step-1 votes: est := their majority; 2: broadcast est', () => {
    const member = brachaMember()
    expect(member.propose(0)).toEqual(['0: vote1_0(0)'])
    expect(member.hear([1], 'vote1_0(1)')).toEqual([])
    expect(member.hear([2], 'vote1_0(1)')).toEqual(['0: vote2_0(1)'])
    expect(member.view.estimate).toBe(1)
  })

  test('a tie gives 0 where n − f is even', () => {
    const member = brachaMember(5)
    member.propose(1)
    expect(member.hear([1], 'vote1_0(1)')).toEqual([])
    expect(member.hear([2, 3], 'vote1_0(0)')).toEqual(['0: vote2_0(0)'])
    expect(member.view.valid(2, 0)).toBe(1)
  })

  test('2: more than n/2 of v: (D, v); otherwise the own step-2 value', () => {
    const sure = brachaMember()
    sure.propose(1)
    sure.hear([1, 2], 'vote1_0(1)')
    expect(sure.hear([1, 2], 'vote2_0(1)')).toEqual(['0: vote3_0(D1)'])
    const unsure = brachaMember()
    unsure.propose(1)
    unsure.hear([1], 'vote1_0(1)')
    unsure.hear([2, 3], 'vote1_0(0)')
    unsure.hear([2], 'vote2_0(0)')
    expect(unsure.hear([1], 'vote2_0(1)')).toEqual(['0: vote3_0(1)'])
  })

  test('3: n − f (D, v): decide v, broadcast TERM(v), and go on with it', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1, 2], 'vote1_0(1)', 'vote2_0(1)')
    expect(member.hear([1, 2], 'vote3_0(D1)')).toEqual(['term(1)', '0: vote1_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('3: f + 1 (D, v), and fewer than n − f: est := v, and no decision', () => {
    const member = brachaMember(4, { coin: fixedCoin([0]) })
    member.propose(1)
    member.hear([1], 'vote1_0(1)')
    member.hear([2, 3], 'vote1_0(0)')
    expect(member.hear([1, 2], 'vote2_0(1)')).toContain('0: vote3_0(D1)')
    // Three step-2 votes of 1 make (D, 1) valid, the one of 0 makes room for a plain 0
    member.hear([3], 'vote2_0(0)', 'vote3_0(0)')
    expect(own(member.hear([1], 'vote3_0(D1)'))).toEqual(['0: vote1_1(1)'])
    expect(member.outputs).toEqual([])
  })

  test('3: a single (D, v) is not adopted: it may be a faulty member’s', () => {
    const member = brachaMember(4, { coin: fixedCoin([0]) })
    member.propose(1)
    member.hear([1], 'vote1_0(1)')
    member.hear([2, 3], 'vote1_0(0)')
    member.hear([1], 'vote2_0(1)')
    expect(member.hear([3], 'vote2_0(0)')).toEqual(['0: vote3_0(1)'])
    member.hear([2], 'vote2_0(1)')
    member.hear([3], 'vote3_0(0)')
    expect(own(member.hear([1], 'vote3_0(D1)'))).toEqual(['0: vote1_1(0)'])
    expect(member.outputs).toEqual([])
  })

  test('3: neither: est := coin, then the next round', () => {
    const member = brachaMember()
    member.propose(0)
    member.hear([1], 'vote1_0(0)')
    member.hear([2, 3], 'vote1_0(1)')
    member.hear([2, 3], 'vote2_0(1)')
    member.hear([1], 'vote2_0(0)')
    expect(own(member.hear([1], 'vote3_0(0)'))).toEqual([])
    expect(own(member.hear([2], 'vote3_0(1)'))).toEqual(['0: vote1_1(1)'])
    expect(member.outputs).toEqual([])
  })

  test('a common coin is flipped in every round that is left, for the sake of the others', () => {
    const member = brachaMember(4, { coin: parityCoin as never })
    member.propose(1)
    member.hear([1, 2], 'vote1_0(1)', 'vote2_0(1)')
    expect(member.hear([1, 2], 'vote3_0(D1)')).toContain('coin_0')
  })
})

describe('a vote is valid when a correct member could have said it', () => {
  test('step 2, v: some n − f valid step-1 votes have majority v; until then it waits in its slot', () => {
    const member = brachaMember()
    member.propose(0)
    member.hear([1, 2], 'vote1_0(0)', 'vote2_0(1)')
    expect(member.view.valid(2, 1)).toBe(0)
    member.hear([3], 'vote1_0(1)')
    expect(member.view.valid(2, 1)).toBe(0)
    expect(member.view.valid(2, 0)).toBe(1)
  })

  test('step 2, v: not before n − f step-1 votes are valid, though most of them are v', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1], 'vote1_0(1)', 'vote2_0(1)')
    expect(member.view.valid(2, 1)).toBe(0)
    member.hear([2], 'vote1_0(0)')
    expect(member.view.valid(2, 1)).toBe(2)
  })

  test('a vote becomes valid with what comes later, and counts then', () => {
    const member = brachaMember()
    member.propose(0)
    member.hear([1], 'vote2_0(1)')
    member.hear([2, 3], 'vote1_0(1)')
    expect(member.view.valid(2, 1)).toBe(2)
  })

  test('step 3, (D, v): more than n/2 valid step-2 votes say v', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1, 2], 'vote1_0(1)')
    member.hear([3], 'vote3_0(D1)', 'vote3_0(D0)')
    expect(member.view.valid(3, 'D1')).toBe(0)
    member.hear([1, 2], 'vote2_0(1)')
    expect(member.view.valid(3, 'D1')).toBe(2)
    expect(member.view.valid(3, 'D0')).toBe(0)
  })

  test('step 3, (D, v): half of the step-2 votes are not enough', () => {
    const member = brachaMember()
    member.propose(0)
    splitStep2(member)
    member.hear([1], 'vote3_0(D1)')
    expect(member.view.valid(3, 'D1')).toBe(0)
  })

  test('step 3, (D, v): not before n − f step-2 votes are valid (n = 6)', () => {
    const member = brachaMember(6)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'vote1_0(1)')
    member.hear([5], 'vote3_0(D1)')
    member.hear([1, 2, 3], 'vote2_0(1)')
    expect(member.view.valid(3, 'D1')).toBe(0)
    member.hear([4], 'vote2_0(1)')
    expect(member.view.valid(3, 'D1')).toBe(2)
  })

  test('step 3, plain v: v is the sender’s own step-2 value, and no value need have more than n/2', () => {
    const member = brachaMember()
    member.propose(0)
    splitStep2(member)
    // Its own, which is what it voted in step 2
    expect(member.view.valid(3, 0)).toBe(1)
    member.hear([1], 'vote3_0(1)')
    member.hear([2], 'vote3_0(0)')
    expect([member.view.valid(3, 0), member.view.valid(3, 1)]).toEqual([1, 0])
    member.hear([3], 'vote3_0(1)')
    expect(member.view.valid(3, 1)).toBe(1)
  })

  test('step 3, plain v: not in a unanimous round, which so decides for certain', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1, 2, 3], 'vote1_0(1)', 'vote2_0(1)')
    member.hear([3], 'vote3_0(1)')
    expect([member.view.valid(3, 1), member.view.valid(3, 'D1')]).toEqual([0, 1])
    member.hear([1, 2], 'vote3_0(D1)')
    expect(member.outputs).toEqual([1])
  })

  test('step 1 of a later round: f + 1 (D, v) before it, or a coin that may have been flipped', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([3], 'vote1_1(0)')
    member.hear([1, 2], 'vote1_0(1)', 'vote2_0(1)', 'vote3_0(D1)')
    expect(member.view.round).toBe(1)
    expect(member.view.valid(1, 0)).toBe(0)
    member.hear([2], 'vote1_1(1)')
    expect(member.view.valid(1, 1)).toBe(2)
  })

  test('step 1 of a later round: not as long as nothing of the round before it is known', () => {
    const member = brachaMember(4, { brake: false })
    member.propose(0)
    member.hear([3], 'vote1_2(1)')
    for (const number of [0, 1])
      member.hear([1, 2], `vote1_${number}(0)`, `vote2_${number}(0)`, `vote3_${number}(D0)`)
    expect(member.view.round).toBe(2)
    expect([member.view.valid(1, 0), member.view.valid(1, 1)]).toEqual([1, 0])
  })

  test('step 1 of a later round: a late vote of the round before may make it valid', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1], 'vote1_0(0)')
    member.hear([2], 'vote1_0(1)')
    member.hear([3], 'vote1_0(0)')
    member.hear([1], 'vote2_0(0)')
    member.hear([2, 3], 'vote2_0(1)')
    member.hear([2, 3], 'vote3_0(D1)')
    expect(member.view.round).toBe(1)
    member.hear([3], 'vote1_1(0)')
    expect(member.view.valid(1, 0)).toBe(0)
    member.hear([1], 'vote3_0(0)')
    expect(member.view.valid(1, 0)).toBe(1)
  })

  test.each(['vote1_0(D0)', 'vote2_0(D1)', 'vote3_0([4])', 'vote1_0([])'])(
    '%s is no vote: its proposer is blamed, and nothing is counted',
    shown => {
      const member = brachaMember()
      member.propose(0)
      member.hear([3], shown)
      expect(member.faults).toEqual(['raba/malformed-vote by 3'])
    },
  )
})

describe('halt, brake, bounds', () => {
  test('T2 and T3 work before propose; after the halt a member that asks for votes is told TERM, once', () => {
    const member = brachaMember()
    expect(member.hear([1, 2, 3], 'term(1)')).toEqual(['term(1)'])
    expect(member.outputs).toEqual([1])
    expect(member.view.halted).toBe(true)
    expect(member.hear([1], 'sync-req(0..3)', 'sync-req(0..3)', 'vote1_0(1)')).toEqual(['to 1: term(1)'])
    expect(member.propose(0)).toEqual([])
  })

  test('B: a member enters at most one round after the one that its rules decided', () => {
    for (const brake of [true, false]) {
      const member = brachaMember(4, { brake })
      member.propose(1)
      for (const number of [0, 1, 2])
        member.hear([1, 2], `vote1_${number}(1)`, `vote2_${number}(1)`, `vote3_${number}(D1)`)
      expect(member.view.braked).toBe(brake)
      expect(member.view.round).toBe(brake ? 1 : 3)
    }
  })

  test('broadcasts of a round that was left go on: totality is for those who are still there', () => {
    const net = scriptedNetwork({
      n: 4,
      protocol: () => brachaAba({ coin: fixedCoin([0]), rbc: voteRbc }),
      params: committee => ({ committee, domain: ['totality'] }),
      byzantine: [3],
    })
    const quiet = ({ to, message }: { readonly to: number; readonly message: { readonly type: string } }) =>
      to !== 3 && message.type !== 'term'
    for (const member of [0, 1, 2]) net.input(member, { type: 'propose', bit: 1 })
    net.deliverAll(quiet)
    expect([0, 1, 2].map(member => inspect(net.instance(member)).round)).toEqual([1, 1, 1])
    const send = { type: 'send', payload: Uint8Array.of(0) } as const
    net.inject(3, 'all', { type: 'vote', round: round(0), step: 1, proposer: peer(3), message: send })
    net.deliverAll(quiet)
    const readies = net.pending({ to: 3 }).filter(({ message }) => {
      return message.type === 'vote' && message.proposer === 3 && message.message.type === 'ready'
    })
    expect(readies.map(({ from }) => from).sort()).toEqual([0, 1, 2])
    expect([0, 1, 2].map(member => inspect(net.instance(member)).openBroadcasts)).toEqual([0, 0, 0])
  })

  test('a broadcast that has delivered is forgotten: nothing reaches it any more', () => {
    let heard = 0
    const counting: Rbc<Uint8Array> = {
      ...idealRbc,
      create: (params, effects) => {
        const instance = idealRbc.create(params, effects)
        return {
          handleInput: payload => instance.handleInput(payload),
          handleMessage: (from, message) => {
            heard += 1
            instance.handleMessage(from, message)
          },
        }
      },
    }
    const member = brachaMember(4, { rbc: counting })
    member.hear([1, 1, 2], '1: vote1_0(1)')
    expect(heard).toBe(1)
    expect(member.view.openBroadcasts).toBe(0)
  })

  test('W + 1 rounds ahead nothing is taken in; once the window reaches the round it is asked for, once', () => {
    const member = brachaMember(4, { roundsAhead: 1 })
    member.propose(0)
    member.hear([1], 'vote1_2(0)')
    member.hear([1, 2], '3: vote1_2(0)')
    expect(member.view.dropped).toBe(3)
    expect(member.view.openBroadcasts).toBe(0)
    member.hear([1], 'vote1_0(0)')
    member.hear([2, 3], 'vote1_0(1)')
    member.hear([2, 3], 'vote2_0(1)')
    member.hear([1], 'vote2_0(0)', 'vote3_0(0)')
    const sent = member.hear([2], 'vote3_0(1)')
    expect(sent.filter(message => message.includes('sync'))).toEqual([
      'to 1: sync-req(2..2)',
      'to 2: sync-req(2..2)',
    ])
  })

  test('a member answers with all that its broadcasts have sent, each round once per peer', () => {
    const member = brachaMember()
    member.propose(1)
    member.hear([1, 2], 'vote1_0(1)', 'vote2_0(1)', 'vote3_0(D1)')
    expect(member.hear([3], 'sync-req(0..0)')).toEqual([
      'to 3: 0: vote1_0(1)',
      'to 3: 0: vote2_0(1)',
      'to 3: 0: vote3_0(D1)',
    ])
    expect(member.hear([3, 3], 'sync-req(0..5)')).toEqual(['to 3: 0: vote1_1(1)'])
  })

  test('what a broadcast has sent to one member is sent again to that member only', () => {
    const rbc: Rbc<Uint8Array> = {
      ...idealRbc,
      create: (params, effects) => ({
        ...idealRbc.create(params, effects),
        handleInput: payload => {
          for (const to of params.committee.peers) effects.send(to, payload)
        },
      }),
    }
    const member = brachaMember(4, { rbc })
    expect(member.propose(1)).toHaveLength(4 - 1)
    expect(member.hear([3], 'sync-req(0..0)')).toEqual(['to 3: 0: vote1_0(1)'])
  })

  test('a Byzantine peer fills at most the window: n broadcasts a step, and 3 bytes a member and round', () => {
    const [n, roundsAhead] = [4, 2]
    const member = brachaMember(n, { roundsAhead })
    for (let number = 0; number < 50; number += 1) {
      for (const step of [1, 2, 3])
        for (const proposer of [0, 1, 2]) member.hear([3], `${proposer}: vote${step}_${number}(0)`)
      member.hear([3], `vote1_${number}(0)`, `vote2_${number}(1)`, `vote3_${number}(1)`)
    }
    expect(member.view.openBroadcasts).toBe(3 * (n - 1) * (roundsAhead + 1))
    expect(member.view.slotBytes).toBeLessThanOrEqual(3 * n * (roundsAhead + 2))
  })

  test('a broadcast that carries more than a byte is refused, and a window of none', () => {
    const coin = fixedCoin([0])
    const wide = brachaRbc({ sha256: nodeCrypto.sha256 })
    expect(() => brachaAba({ coin, rbc: wide })).toThrow(/payloadBytesMax 1, got 16777216/)
    for (const roundsAhead of [0, 1.5, 2 ** 17])
      expect(() => brachaAba({ coin, rbc: idealRbc, roundsAhead })).toThrow(RangeError)
  })

  test('the descriptor names its choices and its parts', () => {
    const { name, parameters, parts } = brachaAba({ coin: fixedCoin([0]), rbc: idealRbc })
    expect([name, parameters]).toEqual(['aba/bracha', { brake: true, roundsAhead: 8 }])
    expect([parts['coin']?.name, parts['rbc']?.name]).toEqual(['coin/fixed', 'rbc/ideal'])
  })
})
