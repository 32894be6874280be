/** Vouches, attestations, and what must speak for a candidate: identity.md, sections 9 to 11. */
import { digestKey } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { attestationDigest, type MutualVouch } from '@mc/identity'
import { hex } from '@mc/protocol/wire'
import { type Action, attestedFacts, type BodyOf, type Meeting, memberIdOf, vouchId } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import {
  actions,
  DAY,
  domainId,
  nodeKeyOf,
  nodeSecretOf,
  ORG,
  PARAMS,
  proposal,
  secretOf,
  sha256,
  Village,
  type VillageOptions,
} from './village.js'

const nonce = (at: number): Uint8Array => sha256(Uint8Array.of(at))

/** What two people have signed who met. */
function meeting(
  village: Village,
  a: string,
  b: string,
  {
    at = 0,
    shown = [],
    byB = b,
  }: { readonly at?: number; readonly shown?: readonly Uint8Array[]; readonly byB?: string } = {},
): BodyOf<'vouch'> {
  const met: MutualVouch = {
    keyA: village.key(a),
    keyB: village.key(b),
    openedNonce: nonce(at),
    answerNonce: nonce(at + 100),
    shown,
  }
  const sign = (name: string) => village.identity.sign(secretOf(name), vouchId(met, sha256))
  return { type: 'vouch', ...met, byA: sign(a), byB: sign(byB) }
}

const vouches = ({ state }: Village): readonly string[] =>
  state.tables.vouches.values().map(({ sponsor, subject }) => `${hex(sponsor)} ${hex(subject)}`)

describe('§11 – a vouch', () => {
  test('is what both have signed who met, posted by either of them', () => {
    const village = new Village()
    village.do(
      village.by('p0', meeting(village, 'p0', 'new')),
      village.by('p1', meeting(village, 'new', 'p1')),
    )
    const subject = hex(village.key('new'))
    expect([...vouches(village)].sort()).toEqual(
      ['p0', 'p1'].map(name => `${hex(village.id(name))} ${subject}`).sort(),
    )
  })

  test.each([
    ['the other has not signed', (village: Village) => meeting(village, 'p0', 'new', { byB: 'p1' })],
    [
      'nothing signed may be changed',
      (village: Village) => ({ ...meeting(village, 'p0', 'new'), shown: [nonce(7)] }),
    ],
    ['nobody vouches for itself', (village: Village) => meeting(village, 'p0', 'p0')],
    ['nobody posts what others have signed', (village: Village) => meeting(village, 'p1', 'new')],
  ])('%s', (_, of) => {
    const village = new Village()
    expect(village.refused(village.by('p0', of(village)))).toBe('topics/wrong-vouch')
  })

  test('of one meeting is posted once, a later meeting gives another', () => {
    const village = new Village()
    village.do(village.by('p0', meeting(village, 'p0', 'new')))
    expect(village.refused(village.by('p0', meeting(village, 'p0', 'new')))).toBe('topics/vouch-known')
    expect(village.refused(village.by('p0', meeting(village, 'p0', 'new', { at: 1 })))).toBe('accepted')
    expect(vouches(village)).toHaveLength(1)
  })

  test('three at once, then one a week', () => {
    const village = new Village()
    const vouch = (name: string) => village.by('p0', meeting(village, 'p0', name))
    village.do(vouch('a'), vouch('b'), vouch('c'))
    expect(village.refused(vouch('d'))).toBe('topics/rate-limit')
    village.pass(7 * DAY, DAY)
    village.setSeq(village.id('p0'), 3)
    expect(village.refused(vouch('d'))).toBe('accepted')
  })

  test('[SAFE] a newcomer waits one membership epoch before vouching; founders do not', () => {
    const village = new Village({ genesis: { parameters: { epochLength: 30 * DAY, newcomerEpochs: 1 } } })
    expect(village.refused(village.by('p0', meeting(village, 'p0', 'x')))).toBe('accepted')
    takeIn(village, 'new')
    village.pass(30 * DAY)
    expect(village.state.here.membershipEpoch).toBe(1)
    const early = village.by('new', meeting(village, 'new', 'y'))
    expect(village.refused(early)).toBe('topics/newcomer')
    village.pass(30 * DAY)
    expect(village.refused(village.by('new', meeting(village, 'new', 'y')))).toBe('accepted')
  })
})

/** An attester and what it says. */
const OFFICE = nonce(50)
const office = {
  id: OFFICE,
  key: nodeKeyOf('office'),
  name: 'town hall',
  evidenceClass: 2,
  exception: OFFICE,
}

type Attest = Omit<BodyOf<'attest'>, 'type' | 'attesterSignature' | 'subjectSignature'>

function attestation(
  village: Village,
  name: string,
  more: Partial<Attest> = {},
  { attester = 'office', by = name }: { readonly attester?: string; readonly by?: string } = {},
): { readonly body: BodyOf<'attest'>; readonly id: Uint8Array } {
  const said: Attest = {
    attester: OFFICE,
    subject: village.key(name),
    commitment: nonce(60),
    dedupTag: nonce(61),
    evidenceClass: 2,
    fromL: 0,
    toL: 300 * DAY,
    ...more,
  }
  const id = attestationDigest(ORG, attestedFacts(said), { sha256 })
  const attesterSignature = nodeCrypto.ed25519.sign(id, nodeSecretOf(attester))
  const subjectSignature = village.identity.sign(secretOf(by), id)
  return { id, body: { type: 'attest', ...said, attesterSignature, subjectSignature } }
}

const attested = (options: VillageOptions = {}) =>
  new Village({ ...options, genesis: { attesters: [office], ...options.genesis } })

describe('§10 – an attestation', () => {
  test('is signed by its attester and its subject, over every fact, and stands under its digest', () => {
    const village = attested()
    const { body, id } = attestation(village, 'a')
    const refused = (one: BodyOf<'attest'>) => village.refused(village.by('p0', one))
    expect(refused(attestation(village, 'a', {}, { attester: 'else' }).body)).toBe('topics/wrong-attestation')
    expect(refused(attestation(village, 'a', {}, { by: 'b' }).body)).toBe('topics/wrong-attestation')
    expect(refused({ ...body, toL: 301 * DAY })).toBe('topics/wrong-attestation')
    expect(refused({ ...body, attester: nonce(51) })).toBe('topics/unknown-attester')
    expect(refused(body)).toBe('accepted')
    expect(village.state.tables.attestations.must(id)).toMatchObject({ evidenceClass: 2, toL: 300 * DAY })
  })

  test('has no higher class than its attester, and holds in its time', () => {
    const village = attested()
    const refused = (more: Partial<Attest>) =>
      village.refusal(village.by('p0', attestation(village, 'a', more).body))
    expect(refused({ evidenceClass: 3 })).toBe('class 3, the attester gives at most 2')
    expect(refused({ fromL: 5, toL: 9 })).toBe('holds from L=5 to L=9, now L=0')
    village.pass(9)
    expect(refused({ fromL: 5, toL: 9 })).toBe('holds from L=5 to L=9, now L=9')
  })

  test('one document enrols one person: the same dedup tag for somebody else is refused', () => {
    const village = attested()
    expect(village.refused(village.by('p0', attestation(village, 'a').body))).toBe('accepted')
    expect(village.refused(village.by('p0', attestation(village, 'a', { commitment: nonce(62) }).body))).toBe(
      'accepted',
    )
    expect(village.refused(village.by('p0', attestation(village, 'b').body))).toBe('topics/enrolled-twice')
  })

  test('whoever has changed its key is the same person: its document holds under the new one, and for nobody else', () => {
    const village = attested()
    village.do(village.by('p1', attestation(village, 'p1').body))
    const key = village.key('p1-new')
    const possession = village.identity.sign(secretOf('p1-new'), key)
    village.do(village.by('p1', { type: 'rotateKey', key, possession }))
    const renewed = attestation(village, 'p1-new').body
    expect(village.refused(village.by('p0', attestation(village, 'p2').body))).toBe('topics/enrolled-twice')
    // Also when the state is opened from a snapshot, which brings no indexes.
    village.state = village.restored()
    expect(village.refused(village.by('p0', renewed))).toBe('accepted')
  })
})

const addition = (
  village: Village,
  name: string,
  more: Partial<Extract<Action, { type: 'member.add' }>> = {},
): Action => ({
  type: 'member.add',
  key: village.key(name),
  possession: village.identity.sign(secretOf(name), village.key(name)),
  seat: undefined,
  sponsor: undefined,
  attestations: [],
  ...more,
})

const MEMBERSHIP = { kind: 'membership', domain: domainId('membership') } as const

/** Everybody decides to take somebody in. */
function takeIn(village: Village, name: string, more: Parameters<typeof addition>[2] = {}): void {
  const id = village.decided(actions(addition(village, name, more)), { body: MEMBERSHIP })
  village.execute(id)
}

function freeTokens(village: Village, name: string): number {
  const actor = village.state.tables.actors.at(`m${digestKey(village.id(name))}`)
  return actor?.buckets.find(({ of }) => of === 'create')?.tokens ?? 2
}

/** What is said to whoever proposes somebody. */
function proposing(village: Village, name: string, more: Parameters<typeof addition>[2] = {}): string {
  // Whoever still has a token to open a topic.
  const by = village.names.find(one => freeTokens(village, one) > 0) as string
  const id = village.open(by, [], { ...MEMBERSHIP, params: { ...PARAMS, meet: 20 * DAY } })
  village.drawn()
  const [one] = village.meetings(id) as readonly [Meeting]
  const [receipt] = village.block([
    village.by(by, proposal(one.id, actions(addition(village, name, more)))),
  ]).receipts
  return receipt === undefined || receipt.accepted
    ? 'accepted'
    : `${receipt.refusal.rule}: ${receipt.refusal.detail}`
}

describe('§9 – attestations of a candidate', () => {
  const shown = (village: Village, name: string, more: Partial<Attest> = {}) => {
    const { id, body } = attestation(village, name, more)
    village.do(village.by('p4', body))
    return { attestations: [id] }
  }

  test('exist, are its own, and hold now', () => {
    const village = attested({ rules: { activeSlots: 9 } })
    expect(proposing(village, 'new', { attestations: [nonce(1)] })).toMatch(/there is no attestation/)
    expect(proposing(village, 'new', shown(village, 'else', { dedupTag: undefined }))).toMatch(
      /is about somebody else/,
    )
    const short = shown(village, 'new', { toL: 5, commitment: nonce(9) })
    village.pass(5)
    expect(proposing(village, 'new', short)).toMatch(/holds from L=0 to L=5, now L=5/)
  })

  test('are those of attesters that still are', () => {
    const village = attested()
    const more = shown(village, 'new')
    village.state.tables.attesters.delete(OFFICE)
    expect(proposing(village, 'new', more)).toMatch(/of nobody who is an attester now/)
  })

  test('are looked at again when the decision is carried out', () => {
    const village = attested()
    const more = shown(village, 'new', { toL: 2 * DAY })
    const id = village.decided(actions(addition(village, 'new', more)), {
      body: MEMBERSHIP,
      voters: ['p0', 'p1'],
    })
    village.execute(id)
    expect(village.topic(id)).toMatchObject({ state: 'execFailed' })
  })

  test('a key that once was somebody’s is nobody else’s: two of one key could not stand in a ring', () => {
    const village = attested({ rules: { activeSlots: 9 } })
    const key = village.key('p1-new')
    const possession = village.identity.sign(secretOf('p1-new'), key)
    village.do(village.by('p1', { type: 'rotateKey', key, possession }))
    expect(proposing(village, 'p1-new')).toMatch(/the key is or was somebody else’s/)
  })

  test('a key that somebody has taken since it was decided is not taken in', () => {
    const village = attested({ genesis: { parameters: { epochLength: 60 * DAY } } })
    takeIn(village, 'p1-new')
    const key = village.key('p1-new')
    const possession = village.identity.sign(secretOf('p1-new'), key)
    village.do(village.by('p1', { type: 'rotateKey', key, possession }))
    village.pass(60 * DAY)
    expect(village.state.tables.members.get(memberIdOf(key, sha256))).toBeUndefined()
  })
})

describe('[SAFE] §9 – admission by evidence', () => {
  const guarded = (people: number, attesters = [office]) =>
    new Village({
      people,
      rules: { activeSlots: 99 },
      genesis: { attesters, parameters: { admissionEvidence: 1, epochLength: 400 * DAY } },
    })
  const vouched = (village: Village, name: string, by: readonly string[]) => {
    for (const one of by) village.do(village.by(one, meeting(village, one, name)))
    return { sponsor: village.id(by[0] as string) }
  }

  test('k = clamp(⌈log2(N + 1)⌉, 1, 7) vouches from distinct sub-trees', () => {
    const village = guarded(7, [])
    expect(proposing(village, 'new')).toMatch(/3 more vouches are needed/)
    const more = vouched(village, 'new', ['p1', 'p2'])
    expect(proposing(village, 'new', more)).toMatch(/1 more vouches are needed/)
    vouched(village, 'new', ['p3'])
    expect(proposing(village, 'new', more)).toBe('accepted')
  })

  test('who has gone does not vouch any more', () => {
    const village = guarded(7, [])
    const more = vouched(village, 'new', ['p1', 'p2', 'p3'])
    village.do(village.by('p3', { type: 'depart' }))
    village.pass(400 * DAY)
    // Six are left: ⌈log2(7)⌉ = 3.
    expect(proposing(village, 'new', more)).toMatch(/1 more vouches are needed/)
  })

  test('the sponsor is one of those who vouched', () => {
    const village = guarded(7, [])
    vouched(village, 'new', ['p1', 'p2', 'p3'])
    expect(proposing(village, 'new', { sponsor: village.id('p4') })).toMatch(
      /the sponsor must be one of those/,
    )
    expect(proposing(village, 'new')).toMatch(/the sponsor must be one of those/)
  })

  test('evidence of class ≥ 2, where there is an attester that can give it', () => {
    const village = guarded(7)
    const more = vouched(village, 'new', ['p1', 'p2', 'p3'])
    expect(proposing(village, 'new', more)).toMatch(/evidence of class 2 or above is needed/)
    const weak = attestation(village, 'new', { evidenceClass: 1 })
    village.do(village.by('p4', weak.body))
    expect(proposing(village, 'new', { ...more, attestations: [weak.id] })).toMatch(/evidence of class 2/)
    const strong = attestation(village, 'new', { commitment: nonce(8) })
    village.do(village.by('p4', strong.body))
    expect(proposing(village, 'new', { ...more, attestations: [strong.id] })).toBe('accepted')
  })

  test('the profile guarded asks for it, seed does not', () => {
    const numbers = (profile: 'seed' | 'guarded') =>
      new Village({ profile }).state.tables.parameters.values().map(({ name, value }) => [name, value])
    expect(numbers('seed')).toEqual([])
    expect(numbers('guarded')).toEqual([
      ['admissionEvidence', 1],
      ['newcomerEpochs', 1],
    ])
  })

  test('whoever comes back was brought by whom it was brought first, so that sponsors never stand in a circle', () => {
    const village = new Village({
      people: 4,
      rules: { activeSlots: 99 },
      genesis: { parameters: { epochLength: 60 * DAY } },
    })
    takeIn(village, 'a', { sponsor: village.id('p0') })
    village.pass(60 * DAY)
    takeIn(village, 'b', { sponsor: village.id('a') })
    village.pass(60 * DAY)
    village.do(village.by('a', { type: 'depart' }))
    village.pass(60 * DAY)
    takeIn(village, 'a', { sponsor: village.id('b') })
    village.pass(60 * DAY)
    expect(village.member('a')).toMatchObject({ state: 'active', sponsor: village.id('p0') })
  })
})
