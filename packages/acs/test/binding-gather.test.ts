import { bindingGather, type GatherMessage } from '@mc/acs'
import { committee, type Driven, drive, nMinusF, type PeerIndex, peer, type Step } from '@mc/protocol'
import {
  lifo,
  noFaultsAgainstCorrect,
  puppet,
  randomOrder,
  simulate,
  starve,
  termination,
  validity,
} from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { observed } from './observed.js'

type Members = readonly PeerIndex[]
type Node = Driven<PeerIndex, GatherMessage, Members>

const peers = (...indices: number[]): Members => indices.map(peer)
const member = (n = 4, f = Math.floor((n - 1) / 3)): Node =>
  drive(bindingGather(), { committee: committee({ n, f, self: 0 }) })
const count = (node: Node, ...indices: number[]): Step<GatherMessage, Members>[] =>
  indices.map(index => node.input(peer(index)))
const said = (...steps: readonly Step<GatherMessage, Members>[]): GatherMessage[] =>
  steps.flatMap(step => step.messages.map(({ message }) => message))
const say = (node: Node, from: number, type: GatherMessage['type'], ...indices: number[]) =>
  node.message(peer(from), { type, members: peers(...indices) })

describe('agreement.md 14.5: the gather', () => {
  test('G1: n − f indices are counted: broadcast them as S_i, once', () => {
    const node = member()
    expect(said(...count(node, 2, 0))).toEqual([])
    expect(said(...count(node, 3))).toEqual([{ type: 's', members: [0, 2, 3] }])
    expect(said(...count(node, 1))).toEqual([])
  })

  test('G1: n − f, not 2f + 1: with n = 6, f = 1 four are not enough', () => {
    const node = member(6)
    expect(said(...count(node, 0, 1, 2, 3))).toEqual([])
    expect(said(...count(node, 4))).toEqual([{ type: 's', members: [0, 1, 2, 3, 4] }])
  })

  test('G2: n − f sets S_j are accepted: T_i := their union', () => {
    const node = member()
    count(node, 0, 1, 2, 3)
    expect(said(say(node, 1, 's', 0, 1, 3))).toEqual([])
    expect(said(say(node, 2, 's', 0, 1, 2))).toEqual([{ type: 't', members: [0, 1, 2, 3] }])
    expect(said(say(node, 3, 's', 0, 1, 2))).toEqual([])
  })

  test('G2: S_j is accepted only once all its indices are counted here', () => {
    const node = member()
    count(node, 0, 1, 2)
    say(node, 1, 's', 0, 1, 3)
    expect(said(say(node, 2, 's', 1, 2, 3))).toEqual([])
    expect(said(...count(node, 3))).toEqual([{ type: 't', members: [0, 1, 2, 3] }])
  })

  test('G3: likewise T_j; U_i := the union of n − f accepted ones', () => {
    const node = member()
    count(node, 0, 1, 2)
    say(node, 1, 't', 0, 1, 2)
    say(node, 2, 't', 0, 1, 2)
    expect(said(say(node, 3, 't', 0, 1, 2, 3))).toEqual([])
    expect(said(...count(node, 3))).toContainEqual({ type: 'u', members: [0, 1, 2, 3] })
  })

  test('G4: on n − f accepted U_j output V_i, their union, once', () => {
    const node = member()
    count(node, 0, 1, 2)
    say(node, 1, 'u', 0, 1, 2)
    expect(say(node, 2, 'u', 0, 1, 2).outputs).toEqual([])
    expect(say(node, 3, 'u', 1, 2, 3).outputs).toEqual([])
    expect(node.input(peer(3)).outputs).toEqual([[0, 1, 2, 3]])
    expect(say(node, 0, 'u', 0, 1, 2).outputs).toEqual([])
  })

  test('who has ended goes on sending what others wait for', () => {
    const node = member()
    count(node, 0, 1, 2)
    for (const from of [1, 2, 3]) say(node, from, 'u', 0, 1, 2)
    say(node, 1, 's', 0, 1, 2)
    expect(said(say(node, 2, 's', 0, 1, 2))).toEqual([{ type: 't', members: [0, 1, 2] }])
    say(node, 1, 't', 0, 1, 2)
    expect(said(say(node, 2, 't', 0, 1, 2))).toEqual([{ type: 'u', members: [0, 1, 2] }])
  })

  test('acs/short-set: a set of fewer than n − f is blamed and not accepted', () => {
    const node = member()
    count(node, 0, 1, 2)
    for (const from of [1, 2, 3]) {
      const step = say(node, from, 'u', 0, 1)
      expect(step).toEqual({
        messages: [],
        outputs: [],
        faults: [{ rule: 'acs/short-set', peer: from, detail: 'u of 2' }],
      })
    }
  })

  test('acs/conflicting-set: the first set of a member counts, an equal one is ignored, another one blamed', () => {
    const node = member()
    count(node, 0, 1, 2, 3)
    say(node, 1, 'u', 0, 1, 2)
    expect(say(node, 1, 'u', 0, 1, 2).faults).toEqual([])
    expect(say(node, 1, 'u', 0, 1, 3).faults).toEqual([
      { rule: 'acs/conflicting-set', peer: 1, detail: 'u of 0,1,3' },
    ])
    expect(say(node, 2, 'u', 0, 1, 2).outputs).toEqual([])
    expect(say(node, 3, 'u', 0, 1, 2).outputs).toEqual([[0, 1, 2]])
  })

  test('misuse: an index is counted once', () => {
    const node = member()
    count(node, 2)
    expect(() => node.input(peer(2))).toThrow(RangeError)
  })
})

/** Says S, T and U as random sets of n − f, other ones to everybody. */
const equivocatingGatherer = puppet<PeerIndex, GatherMessage>((cue, world) => {
  if (cue.type !== 'input') return
  const { n, peers, f } = world.committee
  for (const to of peers) {
    for (const type of ['s', 't', 'u'] as const) {
      const members = world.random
        .shuffle([...peers])
        .slice(0, nMinusF({ n, f }))
        .sort((a, b) => a - b)
      world.send(to, { type, members })
    }
  }
})

/** Everybody counts every index, each in its own order; the schedule decides how soon. */
function gathered(n: number, schedule: (n: number) => ReturnType<typeof randomOrder>, seed: number): void {
  const f = Math.floor((n - 1) / 3)
  const bound = new Map<PeerIndex, Members>()
  let fixed: Members | undefined
  /** What is not yet given. */
  const orders = new Map<number, PeerIndex[]>()
  const { violations } = simulate({
    seed,
    n,
    protocol: ({ index, random }) => {
      orders.set(index, random.shuffle(Array.from({ length: n }, (_, at) => peer(at))))
      return observed(bindingGather(), (self, { type, members }) => {
        if (type === 'u') bound.set(self, members)
      })
    },
    inputs: index => orders.get(index)?.shift() ?? peer(0),
    onInput: ({ index, give }) => {
      const next = orders.get(index)?.shift()
      if (next !== undefined) give(next)
    },
    schedule: schedule(n),
    byzantine: Object.fromEntries(Array.from({ length: f }, (_, at) => [n - 1 - at, equivocatingGatherer])),
    invariants: [
      termination(),
      noFaultsAgainstCorrect(),
      validity<PeerIndex, Members>((output, _, index) => {
        fixed ??= [...bound.values()].reduce((a, b) => a.filter(index => b.includes(index)))
        const isCounted = output.every(one => !orders.get(index)?.includes(one))
        return isCounted && fixed.length >= n - f && fixed.every(one => output.includes(one))
      }),
    ],
  })
  expect(violations).toEqual([])
}

describe('agreement.md 14.5: the core is binding', () => {
  const seeds = Array.from({ length: Number(process.env['MC_SEEDS'] ?? 15) }, (_, seed) => seed)
  test.each([
    ['random', randomOrder],
    ['lifo', lifo],
    ['starve the first', () => starve(0)],
  ] as const)(
    'when the first member ends, n − f indices are fixed that are in every output: %s',
    (_, schedule) => {
      for (const n of [4, 5, 6, 7, 10]) for (const seed of seeds) gathered(n, schedule, seed)
    },
  )
})
