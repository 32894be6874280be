/** §5 and §9: any round is dealt again from its receipt, long after it is over. */
import { digestKey, equalBytes, keyDigest } from '@mc/crypto'
import { verifyStateProof } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import {
  dealtDigest,
  dealVoters,
  lateMeeting,
  type Meeting,
  meetingIdOf,
  pair,
  partition,
  ranked,
  type SplitReceipt,
  splitSeed,
  stateCodecs,
  stateKeys,
  u32,
} from '@mc/topics'
import { expect, test } from 'vitest'
import { beaconOf, DAY, PARAMS, sha256, Village, voteFor } from './village.js'

const participantsOf = ({ state }: Village, id: Uint8Array) =>
  state.tables.participants.values().filter(({ topic }) => equalBytes(topic, id))

type Seats = Map<string, string>

const receiptOf = ({ state }: Village, id: Uint8Array, round: number): SplitReceipt | undefined =>
  state.tables.splits.get(pair(id, u32(round)))

const meetingAt = ({ state }: Village, id: Uint8Array, round: number, index: number): Meeting | undefined =>
  state.tables.meetings.get(meetingIdOf(id, round, index, sha256))

/** Deals all rounds again from the receipts and the beacons, and says who sits where in the last one. */
function dealtAgain(village: Village, id: Uint8Array): Seats {
  const people = participantsOf(village, id)
  let seats: Seats = new Map()
  for (let round = 1; ; round += 1) {
    const receipt = receiptOf(village, id, round)
    if (receipt === undefined) return seats
    expect(receipt.drawnAt).toBe(receipt.fixedAt + 2)
    const seed = splitSeed(beaconOf(receipt.drawnAt), id, round, sha256)
    expect(hex(receipt.seed)).toBe(hex(seed))
    const tags = people.filter(one => one.fromRound <= round).map(({ tag }) => tag)
    const dealt =
      round === 1
        ? partition(tags, receipt.capacity, seed, sha256).map(voters => ({ voters, candidates: [] }))
        : dealtWinners(village, id, receipt, ranked(tags, seed, sha256), seats)
    expect(hex(dealtDigest(dealt, sha256))).toBe(hex(receipt.dealt))
    expect(dealt).toHaveLength(receipt.meetings)
    const seated = dealt.flatMap(({ voters }, index) =>
      voters.map(tag => [digestKey(tag), digestKey(meetingIdOf(id, round, index, sha256))] as const),
    )
    seats = new Map(seated)
    for (const { tag, fromRound, placedAt } of people) {
      if (fromRound !== round + 1 || placedAt === undefined) continue
      const index = lateMeeting(beaconOf(placedAt), id, tag, receipt.meetings, sha256)
      seats.set(digestKey(tag), digestKey(meetingIdOf(id, round, index, sha256)))
    }
  }
}

function dealtWinners(
  village: Village,
  id: Uint8Array,
  { round, capacity, seed, elements }: SplitReceipt,
  order: readonly Uint8Array[],
  before: Seats,
) {
  const sources = new Map<string, string[]>()
  for (let index = 0; ; index += 1) {
    const meeting = meetingAt(village, id, round - 1, index)
    if (meeting === undefined) break
    if (meeting.winner === undefined) continue
    const key = digestKey(meeting.winner)
    sources.set(key, [...(sources.get(key) ?? []), digestKey(meeting.id)])
  }
  expect(sources.size).toBe(elements)
  const groups = partition([...sources.keys()].map(keyDigest), capacity, seed, sha256)
  const voters = dealVoters(groups, sources, order, tag => before.get(digestKey(tag)))
  return groups.map((candidates, at) => ({ candidates, voters: voters[at] ?? [] }))
}

/** Twelve people in meetings of two; one comes late; the winners split again. */
function threeRounds(): { readonly village: Village; readonly id: Uint8Array } {
  const village = new Village({ people: 13, rules: { minActivate: 12 } })
  const params = { ...PARAMS, capacity: 2 }
  const id = village.open('p0', village.names.slice(1, 12), { params })
  village.do(village.by('p12', { type: 'join', topic: id, params }))
  village.drawn()
  while (village.topic(id).state === 'meeting') {
    const { number } = village.topic(id).round as { readonly number: number }
    for (const meeting of village.meetings(id)) {
      const [name] = village.voters(id, meeting) as readonly [string]
      // One meeting of the first round has no winner: its people go where the fewest are.
      if (number === 1 && meeting.index === 0) continue
      const winner = number === 1 ? village.propose(id, name) : (meeting.candidates[0] as Uint8Array)
      village.do(village.by(name, voteFor(meeting.id, [winner])))
    }
    village.pass(DAY)
    village.drawn()
  }
  return { village, id }
}

test('every round is dealt again from its receipt and the beacon that it names, late joiners among them', () => {
  const { village, id } = threeRounds()
  expect(village.topic(id)).toMatchObject({ state: 'publicity', round: { number: 4 } })
  expect(village.part(id, 'p12').placedAt).toBeDefined()
  const seats = dealtAgain(village, id)
  for (const { tag, meeting } of participantsOf(village, id)) {
    expect(seats.get(digestKey(tag))).toBe(digestKey(meeting as Uint8Array))
  }
  const [first, second, third] = [1, 2, 3].map(round => receiptOf(village, id, round) as SplitReceipt)
  expect(first).toMatchObject({ elements: 12, meetings: 6, capacity: 2, window: DAY, beacon: 'chain' })
  expect(second).toMatchObject({ elements: 5, meetings: 3 })
  expect(third).toMatchObject({ elements: 3, meetings: 2 })
})

test('a receipt is proven against the state root, and so is that there was no such round', () => {
  const { village, id } = threeRounds()
  const root = village.machine.root(village.state)
  const provenAt = (round: number) => {
    const key = stateKeys.split(id, round)
    return verifyStateProof({ root, key, proof: village.machine.prove(village.state, key) }, sha256)
  }
  const first = provenAt(1)
  expect(first?.isPresent && stateCodecs.split.decode(first.value)).toEqual(receiptOf(village, id, 1))
  expect(provenAt(9)).toMatchObject({ isPresent: false })
})

test('whoever sits elsewhere than dealt is seen: the digest covers voters by seat, candidates, and the order of meetings', () => {
  const [a, b, c] = [1, 2, 3].map(one => sha256(Uint8Array.of(one))) as [Uint8Array, Uint8Array, Uint8Array]
  const digests = [
    [{ voters: [a, b], candidates: [c] }],
    [{ voters: [b, a], candidates: [c] }],
    [{ voters: [a], candidates: [b, c] }],
    [
      { voters: [a, b], candidates: [c] },
      { voters: [], candidates: [] },
    ],
    [
      { voters: [], candidates: [] },
      { voters: [a, b], candidates: [c] },
    ],
  ].map(one => hex(dealtDigest(one, sha256)))
  expect(new Set(digests).size).toBe(digests.length)
})
