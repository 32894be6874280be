import { nodeCrypto as crypto } from '@mc/crypto/node'
import { LedgerReader } from '@mc/node'
import { hex, utf8 } from '@mc/protocol/wire'
import { type Author, OPERATION_BYTES_MAX, type Opening } from '@mc/topics'
import { afterEach, describe, expect, test } from 'vitest'
import { asMember, domainNamed, EXPECTING, foundVillage, QUICK, type Village } from './village.js'

const open: Village[] = []

afterEach(async () => {
  for (const village of open.splice(0)) await village.stop()
})

async function villageOf(people: number): Promise<Village> {
  const village = await foundVillage(people)
  open.push(village)
  return village
}

const opening = (title: string, privacy: Opening['privacy']): Opening => ({
  domain: domainNamed('general'),
  kind: 'resolution',
  privacy,
  title,
  text: { type: 'inline', text: 'the old one leaks / 旧的漏水' },
  params: EXPECTING,
  target: undefined,
  evidence: [],
})

const cid = (name: string): Uint8Array => Uint8Array.of(1, 0x55, 0x12, 0x20, ...crypto.sha256(utf8(name)))

/** Opens a topic in one's own name, lets it be activated, proposes and has everybody approve. */
async function decided(village: Village, voters: readonly Author[]): Promise<Uint8Array> {
  const [ann] = voters as [Author]
  const { topic, ...opened } = ann.openAsMember(village.seqOf(ann), opening('A new roof', 'identified'))
  await village.act(opened)
  for (const voter of voters.slice(1)) {
    await village.act(asMember(village, voter, { type: 'join', topic, params: EXPECTING }))
  }
  await village.pass(1)
  await village.pass(1)
  await village.pass(1)
  expect(village.topic(topic).state).toBe('meeting')
  const meeting = village.state.tables.meetings.values().find(one => hex(one.topic) === hex(topic))
    ?.id as Uint8Array
  const proposal = asMember(village, ann, {
    type: 'propose',
    meeting,
    text: { type: 'inline', text: 'slate' },
    program: {
      type: 'actions',
      actions: [{ type: 'registry.set', key: 'roof', cid: cid('slate'), expect: undefined }],
    },
    parent: undefined,
    candidacy: undefined,
  })
  await village.act(proposal)
  for (const voter of voters) {
    await village.act(asMember(village, voter, { type: 'vote', meeting, approvals: [proposal.id] }))
  }
  return topic
}

describe('an organisation on a node', () => {
  test('a topic is opened, met about, published and executed by the clock of the ledger', async () => {
    const village = await villageOf(3)
    const topic = await decided(village, village.people)
    await village.pass(61)
    expect(village.topic(topic).state).toBe('publicity')
    await village.pass(59)
    expect(village.topic(topic).state).toBe('publicity')
    await village.pass(10)
    expect(village.topic(topic)).toMatchObject({
      state: 'executed',
      publicity: { supporters: 3, members: 3 },
    })
    expect(village.state.tables.registry.get(utf8('roof'))?.cid).toEqual(cid('slate'))
    expect(village.events.map(({ type }) => type)).toContain('topic-executed')
  })

  test('a node that was stopped goes on with the same state, and time that passed with nobody awake fires timers', async () => {
    const village = await foundVillage(3)
    const topic = await decided(village, village.people)
    const before = hex(village.node.ledger.stateRoot())
    const again = await village.restart()
    open.push(again)
    expect(hex(again.node.ledger.stateRoot())).toBe(before)
    await again.pass(61)
    expect(again.topic(topic).state).toBe('publicity')
    await again.pass(70)
    expect(again.topic(topic).state).toBe('executed')
  })

  test('under a pseudonym: joined with a proof, voted with a tag, and a stranger is refused', async () => {
    const village = await villageOf(4)
    const [ann, bob] = village.people as [Author, Author]
    const rings = { token: village.ring({ epoch: 0 }), topic: village.ring() }
    const { topic, ...opened } = ann.openAsToken(
      { period: 0, slot: 0 },
      opening('A quiet street', 'pseudonymous'),
      rings,
    )
    await village.act(opened)
    await village.act(bob.join(topic, EXPECTING, village.ring()))
    expect(village.topic(topic).participants).toBe(2)
    await expect(village.act(bob.join(topic, EXPECTING, village.ring()))).rejects.toThrow(
      'ledger/duplicate-operation',
    )
    const twice = bob.join(topic, { ...EXPECTING, meet: 61 }, village.ring())
    await expect(village.act(twice)).rejects.toThrow('topics/repeated')
    const stranger = (await foundVillage(1).then(async other => {
      await other.stop()
      return other.people[0]
    })) as Author
    expect(() => stranger.join(topic, EXPECTING, village.ring())).toThrow('not in the ring')
    const stolen = bob.asPseudonym(topic, 1, { type: 'leave', topic })
    const forged = {
      ...stolen,
      bytes: stolen.bytes.map((byte, at) => (at === stolen.bytes.length - 1 ? byte ^ 1 : byte)),
    }
    await expect(village.act(forged)).rejects.toThrow('topics/wrong-signature')
  })

  test('a node that has written several checkpoints starts again: what changes inside is written anew', async () => {
    const village = await foundVillage(2)
    const topic = await decided(village, village.people)
    // A checkpoint is written every 32 blocks, and the state inside changes with every one of them.
    for (let second = 0; second < 30; second += 1) await village.pass(1)
    const [ann] = village.people as [Author]
    await village.act(asMember(village, ann, { type: 'comment', topic, text: 'still here' }))
    const before = hex(village.node.ledger.stateRoot())
    const again = await village.restart()
    open.push(again)
    expect(hex(again.node.ledger.stateRoot())).toBe(before)
    expect(again.topic(topic).state).toBe('meeting')
  })

  test('operations are found again by id and by place, in blocks of many', async () => {
    const village = await villageOf(5)
    const reader = new LedgerReader(village.node, { operationBytesMax: OPERATION_BYTES_MAX })
    const [ann, ...others] = village.people as [Author, ...Author[]]
    const { topic, ...opened } = ann.openAsMember(0, opening('A new roof', 'identified'))
    await village.act(opened)
    const joins = others.map(one => asMember(village, one, { type: 'join', topic, params: EXPECTING }))
    await Promise.all(joins.map(one => village.act(one)))
    for (const { id } of joins) expect((await reader.operation(id))?.id).toEqual(id)
    const { items } = await reader.list({ from: 0, limit: 10, bytesMax: 1_000_000 })
    expect(items.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4])
  })

  test('what comes too late is refused with the numbers, and the refusal names the rule', async () => {
    const village = await villageOf(2)
    const topic = await decided(village, village.people)
    const meeting = village.state.tables.meetings.values()[0]?.id as Uint8Array
    await village.pass(200)
    const [ann] = village.people as [Author]
    const late = await village.submit(asMember(village, ann, { type: 'vote', meeting, approvals: [] }))
    expect(late).toMatchObject({ taken: false, refusal: { rule: 'topics/meeting-closed' } })
    if (!late.taken) expect(late.refusal.detail).toMatch(/vote refused: meeting closed at L=\d+, now L=\d+/)
    expect(village.topic(topic).state).not.toBe('meeting')
  })

  test('an idle organisation makes no blocks, one with a timer makes them', async () => {
    const village = await villageOf(1)
    expect(QUICK.meet?.min).toBe(10)
    const { nextEpoch } = village.node.ledger
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(village.node.ledger.nextEpoch).toBe(nextEpoch)
  })
})
