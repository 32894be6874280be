import {
  type AtomicBroadcastInput,
  type AtomicBroadcastOutput,
  type AtomicBroadcastParams,
  type EpochsMessage,
  type LinkedEpochsOptions,
  linkedEpochs,
} from '@mc/abc'
import { committee, drive, epoch, type PeerIndex, peer, type Step } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { fifo, randomOrder, simulate, starve } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { LinkState } from '../../src/linked/link-state.js'
import { rowsCodec } from '../../src/linked/proposal-set.js'
import { blockCodec, isReported, type Report, reportBytesMax } from '../../src/linked/report.js'
import { text } from '../epochs/member.js'
import { type StubLinkableOptions, type StubMessage, stubLinkable } from './stub-linkable.js'

type Message = EpochsMessage<StubMessage>
type Outcome = Step<Message, AtomicBroadcastOutput>
type Batch = Extract<AtomicBroadcastOutput, { type: 'batch' }>

const NOTHING = new Uint8Array(0)
const WINDOW = 3
const reports = rowsCodec(4, WINDOW)
const blocks = blockCodec(WINDOW)
/** In each epoch from `base` on the members whose proposals are complete, as bits. */
const report = (base: number, ...rows: number[]): Uint8Array =>
  reports.encode({
    epoch: epoch(base),
    rows: Array.from({ length: WINDOW }, (_, at) => Uint8Array.of(rows[at] ?? 0)),
  })
/** Member 3 and nobody else. */
const THREE = 0b1000

/** Member 0 of four; member 3 is in no subset but where `slots` says so. */
function member({
  slots,
  params = {},
  ...options
}: Partial<LinkedEpochsOptions<StubMessage>> & {
  slots?: StubLinkableOptions['slots']
  params?: Partial<AtomicBroadcastParams>
} = {}) {
  const acs = stubLinkable(slots === undefined ? {} : { slots })
  const driven = drive(
    linkedEpochs({ acs, epochsLinked: WINDOW, senderQueueBytesMax: 1_000_000, ...options }),
    {
      committee: committee({ n: 4, self: 0 }),
      domain: ['test'],
      firstEpoch: epoch(0),
      ...params,
    },
  )
  const say = (index: number, at: number, message: StubMessage): Outcome =>
    driven.message(peer(index), { type: 'epoch', epoch: epoch(at), message })
  const node = {
    say,
    input: (input: AtomicBroadcastInput): Outcome => driven.input(input),
    propose: (at: number, seen?: Uint8Array): Outcome =>
      driven.input({
        type: 'propose',
        epoch: epoch(at),
        payload: text(`0/${at}`),
        ...(seen !== undefined && { seen }),
      }),
    advance: (at: number, links?: Uint8Array): Outcome =>
      driven.input({ type: 'advance', epoch: epoch(at), ...(links !== undefined && { links }) }),
    announce: (index: number, at: number): Outcome =>
      driven.message(peer(index), { type: 'announce', epoch: epoch(at) }),
    /** The block of a member, with what it says that it has seen. */
    block: (index: number, at: number, seen: Uint8Array = NOTHING): Outcome =>
      say(index, at, {
        type: 'payload',
        payload: blocks.encode({ seen, payload: text(`${index}/${at}`) }),
      }),
    raw: (index: number, at: number, payload: Uint8Array): Outcome =>
      say(index, at, { type: 'payload', payload }),
    /** What was asked for comes. */
    answer: (proposer: number, at: number): Outcome =>
      say(1, at, {
        type: 'answer',
        proposer,
        payload: blocks.encode({ seen: NOTHING, payload: text(`${proposer}/${at}`) }),
      }),
    /** An epoch of members 0, 1 and 2, with what each says that it has seen. */
    run: (at: number, ...seen: (Uint8Array | undefined)[]): Outcome =>
      joined([node.propose(at, seen[0]), node.block(1, at, seen[1]), node.block(2, at, seen[2])]),
  }
  return node
}

const joined = (steps: readonly Outcome[]): Outcome => ({
  messages: steps.flatMap(step => step.messages),
  outputs: steps.flatMap(step => step.outputs),
  faults: steps.flatMap(step => step.faults),
})

const batchesOf = ({ outputs }: Outcome): readonly Batch[] =>
  outputs.filter((output): output is Batch => output.type === 'batch')

/** The names of what a step delivered: batches, and behind each what it links. */
const delivered = (step: Outcome): readonly string[] =>
  batchesOf(step).map(({ epoch: at, proposals, linked = [] }) =>
    [
      `${at}:`,
      ...[...proposals.values()].map(said),
      ...linked.map(({ epoch: made, proposer, payload }) => `[${made}/${proposer} ${said(payload)}]`),
    ].join(' '),
  )

const said = (payload: Uint8Array): string => String.fromCharCode(...payload)

const asked = ({ messages }: Outcome): readonly string[] =>
  messages.flatMap(({ message }) =>
    message.type === 'epoch' && message.message.type === 'ask'
      ? [`${message.epoch}/${message.message.proposer}`]
      : [],
  )

describe('N1: a proposal says what its member has seen', () => {
  test('the block is a report and the payload; the batch has the payload alone', () => {
    const node = member()
    const seen = report(0, THREE)
    const { messages } = node.propose(0, seen)
    expect(messages).toContainEqual({
      to: 'all',
      message: {
        type: 'epoch',
        epoch: 0,
        message: { type: 'payload', payload: blocks.encode({ seen, payload: text('0/0') }) },
      },
    })
    expect(delivered(joined([node.block(1, 0), node.block(2, 0)]))).toEqual(['0: 0/0 1/0 2/0'])
  })

  test('misuse: a payload over the cap, something that is no report', () => {
    const node = member()
    const over = {
      type: 'propose',
      epoch: epoch(0),
      payload: new Uint8Array(600 - reportBytesMax(WINDOW) + 1),
    } as const
    expect(() => node.input(over)).toThrow(RangeError)
    expect(() => node.propose(0, Uint8Array.of(1, 2))).toThrow(RangeError)
    expect(delivered(node.run(0))).toHaveLength(1)
  })
})

describe('N5: what we have seen', () => {
  const seenOf = (step: Outcome) => {
    const { epoch: base, rows } = reports.decode(batchesOf(step).at(-1)?.seen ?? NOTHING)
    return [base, ...rows.map(([row]) => row)]
  }

  test('the proposals of the last epochsLinked epochs that are complete here and were not delivered', () => {
    const node = member()
    node.block(3, 0)
    expect(seenOf(node.run(0))).toEqual([0, THREE, 0, 0])
    node.block(3, 2)
    expect(seenOf(node.run(1))).toEqual([0, THREE, 0, THREE])
    expect(seenOf(node.run(2))).toEqual([0, THREE, 0, THREE])
    node.block(3, 1)
    expect(seenOf(node.run(3))).toEqual([1, THREE, THREE, 0])
    expect(seenOf(node.run(4))).toEqual([2, THREE, 0, 0])
  })
})

describe('N3: what a batch links', () => {
  const upTo = (count: number) => report(0, ...Array.from({ length: Math.min(count, WINDOW) }, () => THREE))

  test('f + 1 members have seen it: it is fetched, and delivered behind the batch', () => {
    const node = member()
    node.block(3, 0)
    node.run(0)
    const step = node.run(1, upTo(1), upTo(1), undefined)
    expect(asked(step)).toEqual(['0/3'])
    expect(delivered(step)).toEqual([])
    expect(delivered(node.answer(3, 0))).toEqual(['1: 0/1 1/1 2/1 [0/3 3/0]'])
  })

  test('f members have seen it, whatever they say: nothing is linked', () => {
    const node = member()
    node.run(0)
    expect(delivered(node.run(1, upTo(1), undefined, undefined))).toEqual(['1: 0/1 1/1 2/1'])
    expect(delivered(node.run(2, upTo(0), report(0, 255, 255, 255), upTo(0)))).toEqual(['2: 0/2 1/2 2/2'])
  })

  test('f + 1 have to say the same of the same proposal, wherever their reports begin', () => {
    const node = member()
    node.run(0)
    node.run(1)
    expect(asked(node.run(2, upTo(1), upTo(2), report(1, 0, THREE)))).toEqual(['0/3'])
    const said: Report[] = [reports.decode(report(2, 0, THREE)), reports.decode(report(3, THREE))]
    const name = { epoch: epoch(3), proposer: peer(3) }
    expect(isReported(name, said, { f: 1 })).toBe(true)
    expect(isReported(name, said, { f: 2 })).toBe(false)
    expect(isReported({ ...name, epoch: epoch(2) }, said, { f: 1 })).toBe(false)
    expect(isReported({ ...name, epoch: epoch(1) }, said, { f: 0 })).toBe(false)
    expect(isReported({ ...name, epoch: epoch(9) }, said, { f: 0 })).toBe(false)
  })

  test('a proposal that was never made holds up none of its member’s later ones', () => {
    const node = member()
    for (const at of [0, 1]) node.run(at)
    const gap = report(0, 0, THREE)
    expect(asked(node.run(2, gap, gap))).toEqual(['1/3'])
  })

  test('several are delivered by epoch, then by member', () => {
    const node = member({ slots: at => (at < 2 ? [0, 1] : [0, 1, 2]) })
    for (const at of [0, 1])
      joined([node.propose(at), node.block(1, at), node.block(2, at), node.block(3, at)])
    const both = report(0, 0b1100, 0b1100)
    expect(asked(node.run(2, both, both))).toEqual(['0/2', '0/3', '1/2', '1/3'])
    // They may come in any order.
    for (const [proposer, at] of [
      [3, 1],
      [2, 0],
      [2, 1],
    ] as const) {
      expect(delivered(node.answer(proposer, at))).toEqual([])
    }
    expect(delivered(node.answer(3, 0))).toEqual(['2: 0/2 1/2 2/2 [0/2 2/0] [0/3 3/0] [1/2 2/1] [1/3 3/1]'])
  })

  test('each once: what was linked is not linked again, nor what its own epoch delivered', () => {
    const node = member()
    node.run(0)
    const all = report(0, 0b1111)
    node.run(1, all, all)
    expect(delivered(node.answer(3, 0))).toEqual(['1: 0/1 1/1 2/1 [0/3 3/0]'])
    expect(delivered(node.run(2, all, all))).toEqual(['2: 0/2 1/2 2/2'])
  })

  test('nothing older than epochsLinked, nothing of the epoch itself', () => {
    const node = member()
    for (const at of [0, 1, 2, 3]) {
      node.run(at)
      for (const index of [1, 2, 3]) node.announce(index, at + 1)
    }
    const old = report(0, THREE, THREE, THREE)
    expect(asked(node.run(4, old, old))).toEqual(['1/3', '2/3'])
    const own = report(4, THREE)
    const other = member()
    for (const at of [0, 1, 2, 3]) other.run(at)
    expect(delivered(other.run(4, own, own))).toEqual(['4: 0/4 1/4 2/4'])
  })

  test('the next epoch waits for what this one links, and agreement goes on meanwhile', () => {
    const node = member({ depth: 2 })
    node.run(0)
    node.propose(1, upTo(1))
    node.propose(2)
    for (const index of [1, 2]) {
      expect(delivered(node.block(index, 1, upTo(1)))).toEqual([])
      expect(delivered(node.block(index, 2))).toEqual([])
    }
    expect(delivered(node.answer(3, 0))).toEqual(['1: 0/1 1/1 2/1 [0/3 3/0]', '2: 0/2 1/2 2/2'])
  })

  test('what stands for no block is linked as an empty payload', () => {
    const node = member()
    node.run(0)
    node.run(1, upTo(1), upTo(1))
    const garbage = node.say(1, 0, { type: 'answer', proposer: 3, payload: Uint8Array.of(200) })
    expect(delivered(garbage)).toEqual(['1: 0/1 1/1 2/1 [0/3 ]'])
  })

  test('an epoch that nobody has spoken of here is asked as soon as somebody does', () => {
    const node = member({ params: { firstEpoch: epoch(1), links: stateOf(1) } })
    const step = node.run(1, upTo(1), upTo(1))
    // Epoch 0 lies below our first one: it is for catching up by blocks.
    expect(asked(step)).toEqual([])
    expect(delivered(step)).toEqual([])
  })
})

/** The state at an epoch in which member 3 was never in. */
function stateOf(at: number): Uint8Array {
  const state = new LinkState(4, 3, epoch(0))
  for (let next = 0; next < at; next += 1) state.deliver([0, 1, 2].map(peer), [])
  return state.encode()
}

describe('faults', () => {
  test('a block that is none, or a report that is none: an empty payload, or a payload without a report, and a fault', () => {
    const node = member()
    node.propose(0)
    node.raw(1, 0, Uint8Array.of(9))
    const step = node.raw(2, 0, blocks.encode({ seen: Uint8Array.of(1), payload: text('2/0') }))
    expect(delivered(step)).toEqual(['0: 0/0  2/0'])
    expect(step.faults.map(({ rule, peer: culprit }) => [rule, culprit])).toEqual([
      ['abc/undecodable-report', 1],
      ['abc/undecodable-report', 2],
    ])
  })

  test('nothing where a block should be, as for garbage that was dispersed, is no fault of the report', () => {
    const node = member()
    node.propose(0)
    node.raw(1, 0, NOTHING)
    expect(node.block(2, 0).faults).toEqual([])
  })
})

describe('catching up', () => {
  test('advance with the links of the batch before: what was left out below is linked as everywhere', () => {
    const node = member()
    const [first] = batchesOf(node.run(0))
    const late = member()
    late.block(3, 0)
    late.advance(1, first?.links)
    const seen = report(0, 0b1111)
    expect(asked(late.run(1, seen, seen))).toEqual(['0/3'])
    expect(delivered(late.answer(3, 0))).toEqual(['1: 0/1 1/1 2/1 [0/3 3/0]'])
  })

  test('without links every earlier proposal is over', () => {
    const late = member()
    late.advance(1)
    const seen = report(0, 0b1111)
    expect(delivered(late.run(1, seen, seen))).toEqual(['1: 0/1 1/1 2/1'])
  })

  test('advance drops what was being fetched; it is not asked for twice when a later epoch links it', () => {
    const node = member()
    node.run(0)
    const seen = report(0, 0b1111)
    expect(asked(node.run(1, seen, seen))).toEqual(['0/3'])
    node.advance(2, stateOf(2))
    expect(delivered(node.answer(3, 0))).toEqual([])
    const step = node.run(2, seen, seen)
    expect(asked(step)).toEqual([])
    expect(delivered(step)).toEqual(['2: 0/2 1/2 2/2 [0/3 3/0]'])
  })

  test('what is still on its way when an epoch is advanced over is not asked for twice either', () => {
    const node = member()
    node.run(0)
    const seen = report(0, 0b1111)
    expect(asked(node.run(1, seen, seen))).toEqual(['0/3'])
    node.advance(2, stateOf(2))
    expect(asked(node.run(2, seen, seen))).toEqual([])
    expect(delivered(node.answer(3, 0))).toEqual(['2: 0/2 1/2 2/2 [0/3 3/0]'])
  })

  test('links of another epoch, or that are none, throw before anything changes', () => {
    const node = member()
    for (const links of [stateOf(3), stateOf(1), Uint8Array.of(1), new Uint8Array(100)]) {
      expect(() => node.advance(2, links)).toThrow(RangeError)
    }
    expect(() => member({ params: { firstEpoch: epoch(4), links: stateOf(3) } })).toThrow(RangeError)
    expect(delivered(node.run(0))).toHaveLength(1)
  })

  test('a log that is replayed from its middle on: what was output is not output again', () => {
    const node = member({ params: { links: stateOf(2) } })
    expect(delivered(joined([node.run(0), node.run(1)]))).toEqual([])
    expect(delivered(node.run(2))).toEqual(['2: 0/2 1/2 2/2'])
  })
})

describe('bounds', () => {
  test('an epoch is held for epochsLinked epochs more, and then retired', () => {
    const node = member()
    const retired: number[] = []
    for (let at = 0; at < 10; at += 1) {
      const step = joined([node.run(at), ...[1, 2, 3].map(index => node.announce(index, at + 1))])
      for (const output of step.outputs) if (output.type === 'retired') retired.push(output.epoch - at - 1)
    }
    // epochsKept 1 and epochsLinked 3.
    expect(new Set(retired)).toEqual(new Set([-4]))
  })

  test('numbers out of range throw', () => {
    for (const epochsLinked of [0, 201, 1.5]) expect(() => member({ epochsLinked })).toThrow(RangeError)
    expect(() => member({ depth: 0 })).toThrow(RangeError)
    const acs = { ...stubLinkable(), payloadBytesMax: reportBytesMax(8) - 1 }
    expect(() => linkedEpochs({ acs, senderQueueBytesMax: 1 })).toThrow(RangeError)
  })

  test('the state of links: what it encodes it decodes, for as many members and epochs', () => {
    const state = new LinkState(9, 3, epoch(5))
    expect([4, 5].map(at => state.isDelivered(at, peer(8)))).toEqual([true, false])
    state.deliver([peer(0), peer(8)], [])
    state.deliver([peer(1)], [{ epoch: epoch(5), proposer: peer(3) }])
    const again = LinkState.decode(state.encode(), 9, 3) as LinkState
    for (const known of [state, again]) {
      expect([known.next, known.first]).toEqual([7, 4])
      const at5 = Array.from({ length: 9 }, (_, index) => known.isDelivered(5, index as PeerIndex))
      expect(at5.flatMap((is, index) => (is ? [index] : []))).toEqual([0, 3, 8])
      expect([known.isDelivered(6, peer(1)), known.isDelivered(6, peer(0))]).toEqual([true, false])
      expect(known.isDelivered(3, peer(1))).toBe(true)
    }
    expect(hex(again.encode())).toBe(hex(state.encode()))
    expect(LinkState.decode(state.encode(), 17, 3)).toBeUndefined()
  })
})

test('the bytes of blocks, reports and links stay what they are', () => {
  expect(hex(report(300, 0b1010, 1))).toBe('ac020a0100')
  expect(hex(blocks.encode({ seen: report(300, 0b1010, 1), payload: text('pay') }))).toBe(
    '05ac020a0100706179',
  )
  expect(hex(blocks.encode({ seen: NOTHING, payload: text('pay') }))).toBe('00706179')
  expect(hex(stateOf(2))).toBe('02ff0707')
})

/** Everything that each member of four delivers, in order, as names; member 3 is in no subset. */
function deliveredBy(link: boolean, schedule: Parameters<typeof simulate>[0]['schedule'], seed: number) {
  const epochs = 12
  const seen: (Uint8Array | undefined)[] = []
  const propose = (index: number, at: number): AtomicBroadcastInput | undefined => {
    const known = link ? seen[index] : undefined
    if (at >= epochs) return undefined
    const payload = text(`${index}/${at}`)
    return { type: 'propose', epoch: epoch(at), payload, ...(known !== undefined && { seen: known }) }
  }
  const { outputs, violations } = simulate<
    AtomicBroadcastParams,
    AtomicBroadcastInput,
    Message,
    AtomicBroadcastOutput
  >({
    seed,
    n: 4,
    protocol: () => linkedEpochs({ acs: stubLinkable(), senderQueueBytesMax: 1_000_000 }),
    params: who => ({ committee: who, domain: ['links', seed], firstEpoch: epoch(0) }),
    inputs: index => propose(index, 0),
    onOutput: ({ index, output, give }) => {
      if (output.type !== 'batch') return
      seen[index] = output.seen
      const next = propose(index, output.epoch + 1)
      if (next !== undefined) give(next)
    },
    ...(schedule && { schedule: schedule as never }),
  })
  expect(violations).toEqual([])
  return outputs.map(of =>
    of.flatMap(output =>
      output.type === 'batch'
        ? [...output.proposals.values(), ...(output.linked ?? []).map(({ payload }) => payload)].map(said)
        : [],
    ),
  )
}

describe('no proposal of a correct member is lost', () => {
  test('who is never in is delivered by links, in the same order everywhere', () => {
    for (const schedule of [fifo(), randomOrder(), starve(3)]) {
      for (let seed = 0; seed < Number(process.env['MC_SEEDS'] ?? 5); seed += 1) {
        const all = deliveredBy(true, schedule, seed)
        // Who is too far behind would catch up by blocks, which there are none of here.
        for (const other of all) expect(other).toEqual(all[0]?.slice(0, other.length))
        const ofThree = (all[0] ?? []).filter(name => name.startsWith('3/'))
        expect(new Set(ofThree).size).toBe(ofThree.length)
        // Who is slow skips epochs that are over before it proposes; the last epochs have none after them that could link.
        const least = { fifo: 10, 'random-order': 5 }[schedule.name] ?? 1
        expect([schedule.name, seed, ofThree.length >= least]).toEqual([schedule.name, seed, true])
      }
    }
  })

  test('without the reports it is never delivered', () => {
    const all = deliveredBy(false, fifo(), 1)
    expect((all[0] ?? []).filter(name => name.startsWith('3/'))).toEqual([])
  })
})
