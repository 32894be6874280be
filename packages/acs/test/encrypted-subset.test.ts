import { type EncryptedSubsetMessage, type EncryptionKey, encryptedSubset, type Subset } from '@mc/acs'
import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Domain, type Driven, drive, type PeerIndex, peer, type Step } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { encryptionKeys } from './encryption-keys.js'
import { type PlainMessage, plainSubset } from './plain-subset.js'

const { sha256 } = nodeCrypto
const keys = encryptionKeys(4)
const domain: Domain = ['test', 7]

type Message = EncryptedSubsetMessage<PlainMessage>
type Member = Driven<Uint8Array, Message, Subset>

/** One member over a subset that the test decides. */
function memberOf(self: number, { at = domain, key = keys[self] as EncryptionKey } = {}) {
  const acs = plainSubset()
  const subset = encryptedSubset({ acs, key, sha256 })
  const member: Member = drive(subset, { committee: committee({ n: 4, self }), domain: at })
  const decide = (inside: Subset): Step<Message, Subset> => {
    acs.decide(inside)
    return member.message(peer(self), { type: 'acs', message: { payload: new Uint8Array(0) } })
  }
  return { member, decide, proposed: acs.proposed }
}

const text = (word: string): Uint8Array => Uint8Array.from(word, letter => letter.charCodeAt(0))

/** What each member proposes for a payload of its own. */
const ciphertexts = new Map(
  [0, 1, 2, 3].map((self): [PeerIndex, Uint8Array] => {
    const { member, proposed } = memberOf(self)
    member.input(text(`payload ${self}`))
    return [peer(self), proposed[0] as Uint8Array]
  }),
)

const only = (...members: number[]): Subset =>
  new Map([...ciphertexts].filter(([member]) => members.includes(member)))

const sharesIn = ({ messages }: Step<Message, Subset>): readonly Uint8Array[] => {
  const [first] = messages
  if (first?.message.type !== 'shares') throw new Error('no shares were sent')
  return first.message.shares
}

const sharesOf = (self: number, inside = only(0, 1, 3)) => sharesIn(memberOf(self).decide(inside))

describe('encrypted subset', () => {
  test('E1: what is proposed is a ciphertext, and the same one when the same input is replayed', () => {
    const ciphertext = ciphertexts.get(peer(0)) as Uint8Array
    expect(hex(ciphertext)).not.toContain(hex(text('payload')))
    const { member, proposed } = memberOf(0)
    member.input(text('payload 0'))
    expect(proposed).toEqual([ciphertext])
  })

  test('E1: another payload, epoch or member gives another ciphertext', () => {
    const other = memberOf(0)
    other.member.input(text('payload 1'))
    const later = memberOf(0, { at: ['test', 8] })
    later.member.input(text('payload 0'))
    const all = [...ciphertexts.values(), ...other.proposed, ...later.proposed].map(hex)
    expect(new Set(all).size).toBe(6)
  })

  test('E2: no share leaves before the subset is decided, then one for each ciphertext that is in', () => {
    const { member, decide } = memberOf(0)
    expect(member.input(text('payload 0')).messages).toEqual([])
    expect(member.message(peer(1), { type: 'shares', shares: sharesOf(1) }).messages).toEqual([])
    expect(sharesIn(decide(only(0, 1, 3)))).toHaveLength(3)
  })

  test('E3: shares that come before the subset is decided here count afterwards', () => {
    const { member, decide } = memberOf(0)
    member.message(peer(1), { type: 'shares', shares: sharesOf(1) })
    const [subset] = decide(only(0, 1, 3)).outputs
    expect(subset).toEqual(
      new Map([0, 1, 3].map((index): [number, Uint8Array] => [index, text(`payload ${index}`)])),
    )
  })

  test('E4 and E5: f + 1 shares open everything, whosever they are, and everybody outputs the same', () => {
    for (const helper of [1, 2, 3]) {
      const { member, decide } = memberOf(0)
      expect(decide(only(0, 2, 3)).outputs).toEqual([])
      const { outputs, faults } = member.message(peer(helper), {
        type: 'shares',
        shares: sharesOf(helper, only(0, 2, 3)),
      })
      expect(outputs).toEqual([
        new Map([0, 2, 3].map((index): [number, Uint8Array] => [index, text(`payload ${index}`)])),
      ])
      expect(faults).toEqual([])
    }
  })

  test('E4: a bad share is named, and the next member takes the place of whoever gave it', () => {
    const { member, decide } = memberOf(0)
    decide(only(0, 1, 3))
    const [first, second, third] = sharesOf(1) as [Uint8Array, Uint8Array, Uint8Array]
    const bad = member.message(peer(1), { type: 'shares', shares: [first, third, second] })
    expect(bad.outputs).toEqual([])
    expect(bad.faults).toMatchObject([{ rule: 'acs/bad-decryption-share', peer: 1 }])
    const good = member.message(peer(2), { type: 'shares', shares: sharesOf(2) })
    expect(good.outputs[0]?.size).toBe(3)
    expect(good.faults).toEqual([])
  })

  test('a member with a share too many or too few is named, early or late, and does not count', () => {
    const early = memberOf(0)
    early.member.message(peer(1), { type: 'shares', shares: sharesOf(1).slice(1) })
    expect(early.decide(only(0, 1, 3))).toMatchObject({
      outputs: [],
      faults: [{ rule: 'acs/wrong-share-count', peer: 1 }],
    })
    const late = memberOf(0)
    late.decide(only(0, 1))
    expect(late.member.message(peer(1), { type: 'shares', shares: sharesOf(1) })).toMatchObject({
      outputs: [],
      faults: [{ rule: 'acs/wrong-share-count', peer: 1 }],
    })
  })

  test('a member’s first list counts: an equal one is silent, another one is a fault', () => {
    const { member } = memberOf(0)
    member.message(peer(1), { type: 'shares', shares: sharesOf(1) })
    expect(member.message(peer(1), { type: 'shares', shares: sharesOf(1) }).faults).toEqual([])
    expect(member.message(peer(1), { type: 'shares', shares: sharesOf(2) }).faults).toMatchObject([
      { rule: 'acs/conflicting-shares', peer: 1 },
    ])
  })

  test('what is no sound ciphertext of its proposer for this epoch is in, empty, and its proposer named', () => {
    const stolen = ciphertexts.get(peer(0)) as Uint8Array
    const earlier = memberOf(2, { at: ['test', 6] })
    earlier.member.input(text('old'))
    const inside: Subset = new Map([
      [peer(0), stolen],
      [peer(1), stolen],
      [peer(2), earlier.proposed[0] as Uint8Array],
      [peer(3), seededRng('noise', sha256).bytes(100)],
    ])
    const { member, decide } = memberOf(0)
    const step = decide(inside)
    expect(sharesIn(step)).toHaveLength(1)
    expect(step.faults.map(({ rule, peer: culprit }) => [rule, culprit])).toEqual([
      ['acs/unsound-ciphertext', 1],
      ['acs/unsound-ciphertext', 2],
      ['acs/unsound-ciphertext', 3],
    ])
    const { outputs } = member.message(peer(1), { type: 'shares', shares: sharesOf(1, inside) })
    const empty = new Uint8Array(0)
    expect(outputs).toEqual([
      new Map([
        [0, text('payload 0')],
        [1, empty],
        [2, empty],
        [3, empty],
      ]),
    ])
  })

  test('a subset without a sound ciphertext is output at once', () => {
    const { decide } = memberOf(0)
    const { outputs } = decide(new Map([[peer(2), new Uint8Array(0)]]))
    expect(outputs).toEqual([new Map([[2, new Uint8Array(0)]])])
  })

  test('after the output shares are not looked at any more', () => {
    const { member, decide } = memberOf(0)
    decide(only(0, 1, 3))
    member.message(peer(1), { type: 'shares', shares: sharesOf(1) })
    // Neither another list of one that counted, nor the first of one that comes late
    for (const late of [
      { from: peer(1), shares: [] },
      { from: peer(3), shares: sharesOf(3) },
    ]) {
      expect(member.message(late.from, { type: 'shares', shares: late.shares })).toEqual({
        messages: [],
        outputs: [],
        faults: [],
      })
    }
  })

  test('keys that do not fit are refused', () => {
    const at =
      (key: EncryptionKey, self = 0, n = 4) =>
      () =>
        encryptedSubset({ acs: plainSubset(), key, sha256 }).create(
          { committee: committee({ n, self }), domain },
          { send() {}, broadcast() {}, output() {}, fault() {}, scope: () => ({}) as never },
        )
    const [mine] = keys as [EncryptionKey]
    expect(at({ ...mine, secretShare: new Uint8Array(8) })).toThrow('belongs to no member')
    expect(at(mine, 1)).toThrow('is that of member 0, we are 1')
    expect(at(mine, 0, 5)).toThrow('the key set has 4 members, the committee 5')
    expect(at(encryptionKeys(4, 1)[0] as EncryptionKey)).toThrow('need a threshold of f + 1 to n − f, got 1')
    expect(at(encryptionKeys(4, 4)[0] as EncryptionKey)).toThrow('need a threshold of f + 1 to n − f, got 4')
    expect(() => encryptedSubset({ acs: plainSubset(4), key: mine, sha256 })).toThrow('got 4')
  })

  test('the descriptor says which key set hides the proposals, and who made it', () => {
    const { parameters, payloadBytesMax } = encryptedSubset({
      acs: plainSubset(),
      key: keys[0] as EncryptionKey,
      sha256,
    })
    expect(parameters).toMatchObject({ scheme: 'tdh2/insecure/63-bit', keyOrigin: 'dealt' })
    expect(parameters['keySet']).toHaveLength(64)
    expect(payloadBytesMax).toBe(4_096 - (keys[0] as EncryptionKey).scheme.overheadBytes)
  })
})
