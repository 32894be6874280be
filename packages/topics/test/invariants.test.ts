/** Section 15: what holds in every history. */
import { digestKey } from '@mc/crypto'
import { isFinal, isPresent, pair, type Topic, topicTimer } from '@mc/topics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { participantsOf, play } from './history.js'
import { DAY, inputOf, type Village } from './village.js'

const runs = { numRuns: Number(process.env['MC_SEEDS'] ?? 60), seed: 20_260_801 }
const histories = fc.uint8Array({ minLength: 40, maxLength: 600 })

function checkTopic(village: Village, topic: Topic): void {
  const { state } = village
  const parts = participantsOf(village, topic)
  expect(topic.participants).toBe(parts.length)
  const open = state.tables.cases
    .values()
    .filter(one => one.outcome === 'open' && digestKey(one.topic) === digestKey(topic.id))
  expect(open.length).toBe(topic.state === 'frozen' ? 1 : 0)
  checkWay(village, topic)
  if (topic.state !== 'meeting') return
  const seated = new Map<string, number>()
  for (const { meeting } of parts) {
    if (meeting !== undefined) seated.set(digestKey(meeting), (seated.get(digestKey(meeting)) ?? 0) + 1)
  }
  for (const meeting of village.meetings(topic.id)) {
    // Every participant sits in one meeting of the round, and nowhere else.
    expect(seated.get(digestKey(meeting.id)) ?? 0).toBe(meeting.voters)
    seated.delete(digestKey(meeting.id))
    if (meeting.isClosed) continue
    expect(state.indexes.ballots(meeting.id)).toBeLessThanOrEqual(meeting.voters)
  }
  expect([...seated.keys()]).toEqual([])
}

/** No topic is stuck: something is due, or somebody else's step is waited for. */
function checkWay(village: Village, topic: Topic): void {
  if (isFinal(topic)) return
  const isWaiting = topic.draw !== undefined || topicTimer(topic) !== undefined
  const isElsewhere =
    topic.state === 'frozen' || (topic.state === 'scheduled' && topic.result?.type === 'waiting')
  expect(isWaiting || isElsewhere, topic.state).toBe(true)
  if (topic.draw !== undefined) expect(topic.draw.at).toBeGreaterThan(village.epoch)
}

test('participants sit in one meeting, ballots ≤ voters, one state, at most one open case, nothing is stuck', () => {
  fc.assert(
    fc.property(histories, bytes => {
      play(bytes, village => {
        for (const topic of village.state.tables.topics.values()) checkTopic(village, topic)
        for (const { winner, candidates, tally } of village.state.tables.meetings.values()) {
          if (winner === undefined) continue
          const names = [...candidates, ...tally.map(({ proposal }) => proposal)].map(digestKey)
          expect(names).toContain(digestKey(winner))
        }
      })
    }),
    runs,
  )
})

test('no operation of a frozen member is accepted, but for a comment and its keys', () => {
  fc.assert(
    fc.property(histories, bytes => {
      play(bytes, (village, frozen) => {
        for (const name of frozen) {
          const member = village.member(name)
          if (member.state !== 'frozen') continue
          const key = `m${digestKey(member.id)}`
          const seq = village.state.tables.actors.at(key)?.seq ?? 0
          village.setSeq(member.id, seq)
          const refusal = village.machine.admit(village.state, village.by(name, { type: 'depart' }))
          expect(refusal?.rule).toBe('topics/frozen-member')
          village.setSeq(member.id, seq)
        }
      })
    }),
    { ...runs, numRuns: Math.ceil(runs.numRuns / 2) },
  )
})

test('replay from a snapshot = replay from genesis; permuting a block changes nothing', () => {
  fc.assert(
    fc.property(histories, fc.nat(), (bytes, cut) => {
      const village = play(bytes, () => {})
      const { history, machine } = village
      const at = history.length === 0 ? 0 : cut % history.length
      const fresh = play(bytes.slice(0, 2), () => {})
      let permuted = fresh.machine.genesis()
      let configuration = fresh.configuration
      let restored: typeof permuted | undefined
      for (const [index, { operations, clock }] of history.entries()) {
        if (index === at) {
          const snapshot = machine.snapshot(permuted)
          const reader = machine.openSnapshot(snapshot.manifest, machine.root(permuted))
          restored = reader?.restore(
            Array.from({ length: reader.chunkCount }, (_, chunk) => snapshot.chunk(chunk)),
          )
        }
        const straight = inputOf({ machine, configuration }, operations, index + 1, clock)
        const turned = inputOf({ machine, configuration }, [...operations].reverse(), index + 1, clock)
        const applied = machine.apply(permuted, turned)
        permuted = applied.state
        if (restored !== undefined) {
          const again = machine.apply(restored, straight)
          restored = again.state
          expect(again.events).toEqual(applied.events)
          expect(again.configuration).toEqual(applied.configuration)
        }
        configuration = applied.configuration ?? configuration
      }
      expect(machine.root(permuted)).toEqual(machine.root(village.state))
      if (restored !== undefined) expect(machine.root(restored)).toEqual(machine.root(village.state))
    }),
    runs,
  )
})

test('every topic comes to an end, whatever has happened', () => {
  fc.assert(
    fc.property(histories, bytes => {
      const village = play(bytes, () => {})
      for (let at = 0; at < 800; at += 1) village.block([], DAY)
      const open = village.state.tables.topics.values().filter(topic => !isFinal(topic))
      // What waits for the removal of the last seat may wait for ever: the consensus must go on.
      expect(open.filter(({ state }) => state !== 'scheduled').map(({ state }) => state)).toEqual([])
    }),
    { ...runs, numRuns: Math.ceil(runs.numRuns / 4) },
  )
})

test('members are counted as they are', () => {
  fc.assert(
    fc.property(histories, bytes => {
      play(bytes, village => {
        const members = village.state.tables.members.values()
        expect(village.state.indexes.present).toBe(members.filter(isPresent).length)
        expect(village.state.indexes.active).toBe(members.filter(({ state }) => state === 'active').length)
      })
    }),
    { ...runs, numRuns: Math.ceil(runs.numRuns / 4) },
  )
})

test('a participant is stored once per topic and tag', () => {
  const village = play(new Uint8Array(80).fill(3), () => {})
  for (const one of village.state.tables.participants.values()) {
    expect(village.state.tables.participants.get(pair(one.topic, one.tag))).toBe(one)
  }
})
