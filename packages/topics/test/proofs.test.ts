/** Light clients: what is in the state, and what is not. */
import { verifyStateProof } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { type Meeting, stateCodecs, stateKeys, why } from '@mc/topics'
import { expect, test } from 'vitest'
import { actions, DAY, note, sha256, Village, voteFor } from './village.js'

test('members, topics, meetings, ballots and parameters are proven, and so is their absence', () => {
  const village = new Village({ genesis: { parameters: { clockOp: 1 } } })
  const id = village.open('p0')
  village.drawn()
  const winner = village.propose(id, 'p0', actions(note('x')))
  const [one] = village.meetings(id) as readonly [Meeting]
  village.do(village.by('p0', voteFor(one.id, [winner])))
  const root = village.machine.root(village.state)
  const shown = (key: Uint8Array) =>
    verifyStateProof({ root, key, proof: village.machine.prove(village.state, key) }, sha256)
  const value = (key: Uint8Array): Uint8Array => {
    const proven = shown(key)
    if (!proven?.isPresent) throw new Error('it is there')
    return proven.value
  }
  expect(stateCodecs.topic.decode(value(stateKeys.topic(id)))).toEqual(village.topic(id))
  expect(hex(stateCodecs.member.decode(value(stateKeys.member(village.id('p1')))).id)).toBe(
    hex(village.id('p1')),
  )
  expect(stateCodecs.meeting.decode(value(stateKeys.meeting(one.id))).voters).toBe(1)
  expect(stateCodecs.proposal.decode(value(stateKeys.proposal(winner))).builtIn).toBeUndefined()
  const ballot = stateCodecs.ballot.decode(value(stateKeys.ballot(one.id, village.id('p0'))))
  expect(ballot.approvals.map(hex)).toEqual([hex(winner)])
  expect(stateCodecs.participant.decode(value(stateKeys.participant(id, village.id('p0')))).seat).toBe(0)
  expect(shown(stateKeys.parameter('clockOp'))?.isPresent).toBe(true)
  for (const absent of [
    stateKeys.ballot(one.id, village.id('p1')),
    stateKeys.member(sha256()),
    stateKeys.parameter('none'),
  ]) {
    expect(shown(absent)).toEqual({ isPresent: false })
  }
})

test('a proof is of one root: after the next block it shows nothing', () => {
  const village = new Village()
  const key = stateKeys.member(village.id('p0'))
  const proof = village.machine.prove(village.state, key)
  village.do(village.by('p0', { type: 'depart' }))
  expect(verifyStateProof({ root: village.machine.root(village.state), key, proof }, sha256)).toBeUndefined()
})

test('a manifest that does not lead to the root opens nothing, a wrong chunk is noticed', () => {
  const village = new Village()
  village.open('p0')
  const snapshot = village.machine.snapshot(village.state)
  expect(village.machine.openSnapshot(snapshot.manifest, sha256())).toBeUndefined()
  const reader = village.machine.openSnapshot(snapshot.manifest, village.machine.root(village.state))
  expect(reader?.accepts(0, snapshot.chunk(0))).toBe(true)
  expect(reader?.accepts(0, Uint8Array.of(1))).toBe(false)
})

test('why gives the formula and the inputs of a deadline, a split, a winner, a publicity, a freeze', () => {
  const village = new Village({ people: 5 })
  const ofWhat = (id: Uint8Array) => why(village.state, id, sha256)?.map(reason => reason.of)
  const id = village.decided(actions(note('x')))
  expect(ofWhat(id)).toEqual(['deadline', 'split', 'winner', 'publicity', 'publicityEnd', 'coFreezers'])
  const publicity = why(village.state, id, sha256)?.find(reason => reason.of === 'publicity')
  expect(publicity).toMatchObject({ inputs: { N: 5, s: 5, B: DAY, needed: DAY }, result: DAY })
  village.do(village.by('p4', { type: 'freeze', topic: id }))
  expect(ofWhat(id)).toContain('evaluation')
  const waiting = village.open('p0')
  const other = village.open('p1')
  expect(village.topic(waiting).state).toBe('splitting')
  expect(ofWhat(other)).toEqual(['activation', 'expiry'])
  expect(why(village.state, sha256(), sha256)).toBeUndefined()
})
