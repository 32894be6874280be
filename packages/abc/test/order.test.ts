import { orderBatch, proposalCodec, proposersInOrder } from '@mc/abc'
import { epoch, peer } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'

const codec = proposalCodec({ operationBytesMax: 100, operationsMax: 100 })
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const proposal = (header: number, ...operations: number[]): Uint8Array =>
  codec.encode({ header: bytes(header), operations: operations.map(value => bytes(value)) })

const order = (at: number, proposals: [number, Uint8Array][], committed: string[] = []) =>
  orderBatch({
    epoch: epoch(at),
    proposals: new Map(proposals.map(([proposer, payload]) => [peer(proposer), payload])),
    codec,
    idOf: hex,
    isCommitted: id => committed.includes(id),
  })

const ids = (batch: ReturnType<typeof order>) => batch.operations.map(({ id }) => id)

test('operations stand in the order of the permuted proposers, then of their proposal', () => {
  const batch = order(3, [
    [0, proposal(10, 1, 2)],
    [1, proposal(11, 3)],
    [2, proposal(12, 4, 5)],
  ])
  const proposers = proposersInOrder([peer(0), peer(1), peer(2)], epoch(3))
  const expected = { 0: ['01', '02'], 1: ['03'], 2: ['04', '05'] } as Record<number, string[]>
  expect(ids(batch)).toEqual(proposers.flatMap(proposer => expected[proposer]))
  expect(batch.headers.map(({ proposer, header }) => [proposer, ...header])).toEqual(
    proposers.map(proposer => [proposer, 10 + proposer]),
  )
  expect(batch.operations[0]).toEqual({
    proposer: proposers[0],
    id: ids(batch)[0],
    bytes: expect.any(Uint8Array),
  })
})

test('an operation is in once: within a proposal, between proposals, and against what is committed', () => {
  const batch = order(
    0,
    [
      [0, proposal(0, 1, 1, 2)],
      [1, proposal(0, 2, 3, 4)],
    ],
    ['03'],
  )
  expect(ids(batch).toSorted()).toEqual(['01', '02', '04'])
})

test('the order does not depend on the order in which the proposals are given', () => {
  const proposals: [number, Uint8Array][] = [
    [0, proposal(0, 1)],
    [1, proposal(0, 1, 2)],
    [2, proposal(0, 2, 3)],
    [3, proposal(0, 3, 1)],
  ]
  for (let at = 0; at < 50; at += 1) expect(order(at, proposals.toReversed())).toEqual(order(at, proposals))
})

test('a proposal that does not decode counts as none, and its proposer is blamed', () => {
  const batch = order(7, [
    [0, bytes(1, 2, 3, 4)],
    [1, proposal(0, 9)],
  ])
  expect(ids(batch)).toEqual(['09'])
  expect(batch.headers.map(({ proposer }) => proposer)).toEqual([1])
  expect(batch.faults).toEqual([{ rule: 'abc/undecodable-proposal', peer: 0, detail: '4 bytes in epoch 7' }])
})

test('an empty payload is no proposal, and nobody is blamed', () => {
  expect(order(0, [[2, bytes()]])).toEqual({ headers: [], operations: [], faults: [] })
})

test('over the epochs every proposer stands equally often in every place, and behind every other', () => {
  const n = 7
  const members = Array.from({ length: n }, (_, index) => peer(index))
  const rounds = 7000
  const places = members.map(() => new Array<number>(n).fill(0))
  const behind = members.map(() => new Array<number>(n).fill(0))
  for (let at = 0; at < rounds; at += 1) {
    proposersInOrder(members, epoch(at)).forEach((proposer, place, all) => {
      ;(places[proposer] as number[])[place] = (places[proposer]?.[place] ?? 0) + 1
      const before = all[place - 1]
      if (before !== undefined) (behind[proposer] as number[])[before] = (behind[proposer]?.[before] ?? 0) + 1
    })
  }
  for (const count of places.flat()) expect(Math.abs(count - rounds / n)).toBeLessThan(150)
  const pairs = behind.flatMap((counts, self) => counts.filter((_, other) => other !== self))
  for (const count of pairs) expect(Math.abs(count - rounds / n)).toBeLessThan(150)
})

test('the permutation is part of the protocol: it never changes', () => {
  const members = [0, 1, 2, 3, 4, 5, 6].map(peer)
  const at = (number: number): string => proposersInOrder(members, epoch(number)).join('')
  expect([0, 1, 2, 2 ** 32 + 1, 2 ** 53 - 1].map(at)).toEqual([
    '0562413',
    '4361052',
    '0352461',
    '0562413',
    '6045132',
  ])
})

test('what a batch links stands behind it, in its order, without headers; each operation is in once', () => {
  const batch = orderBatch({
    epoch: epoch(3),
    proposals: new Map([[peer(1), proposal(11, 3)]]),
    linked: [
      { epoch: epoch(1), proposer: peer(2), payload: proposal(12, 5, 3) },
      { epoch: epoch(2), proposer: peer(0), payload: proposal(10, 4) },
      { epoch: epoch(2), proposer: peer(2), payload: bytes(255) },
    ],
    codec,
    idOf: hex,
    isCommitted: id => id === '04',
  })
  expect(batch.operations.map(({ proposer, id }) => [proposer, id])).toEqual([
    [1, '03'],
    [2, '05'],
  ])
  expect(batch.headers).toHaveLength(1)
  expect(batch.faults).toEqual([{ rule: 'abc/undecodable-proposal', peer: 2, detail: '1 bytes in epoch 2' }])
})
