import {
  causalSubset,
  type EncryptedSubsetMessage,
  type EncryptionKey,
  rabaSubset,
  type Subset,
  sealedOperationCodec,
  sealOperation,
} from '@mc/acs'
import { localCoin } from '@mc/coin'
import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Driven, drive, faultsTolerated, type PeerIndex, peer, type Step } from '@mc/protocol'
import { bytes, DecodeError, hex, list, struct } from '@mc/protocol/wire'
import { quadraticRaba } from '@mc/raba'
import { ctRbc } from '@mc/rbc'
import { equivocator, fifo, lifo, randomOrder, silent, simulate } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { encryptionKeys } from './encryption-keys.js'
import { type PlainMessage, plainSubset } from './plain-subset.js'

const { sha256 } = nodeCrypto
const seeds = Number(process.env['MC_SEEDS'] ?? 2)
const keys = encryptionKeys(4)
const { scheme } = keys[0] as EncryptionKey

type Message = EncryptedSubsetMessage<PlainMessage>

const operation = bytes({ max: 400 })
const codec = struct({ header: bytes({ max: 10 }), operations: list(operation, { max: 20 }) })
const text = (word: string): Uint8Array => Uint8Array.from(word, letter => letter.charCodeAt(0))
const said = (payload: Uint8Array): string => String.fromCharCode(...payload)

/** What a client gives to members. */
const sealed = (word: string, author = 'alice', of = scheme): Uint8Array =>
  sealOperation({ scheme: of, author: text(author), operation: text(word), rng: seededRng(word, sha256) })

const payload = (...operations: Uint8Array[]): Uint8Array => codec.encode({ header: text('h'), operations })

const opened = (subset: Subset | undefined): Record<number, string> =>
  Object.fromEntries(
    [...(subset ?? [])].map(([proposer, of]) => [
      proposer,
      [...codec.decode(of).operations.map(said), said(codec.decode(of).header)].join(' '),
    ]),
  )

/** One member over a subset that the test decides. */
function memberOf(self: number, { key = keys[self] as EncryptionKey, operationsMax = 5 } = {}) {
  const acs = plainSubset()
  const member: Driven<Uint8Array, Message, Subset> = drive(
    causalSubset({ acs, key, codec, operationsMax }),
    { committee: committee({ n: 4, self }), domain: ['test'] },
  )
  const decide = (inside: Subset): Step<Message, Subset> => {
    acs.decide(inside)
    return member.message(peer(self), { type: 'acs', message: { payload: new Uint8Array(0) } })
  }
  return { member, decide, proposed: acs.proposed }
}

const subsetOf = (...payloads: Uint8Array[]): Subset =>
  new Map(payloads.map((of, index): [PeerIndex, Uint8Array] => [peer(index), of]))

const sharesIn = ({ messages }: Step<Message, Subset>): readonly Uint8Array[] => {
  const [first] = messages
  if (first?.message.type !== 'shares') throw new Error('no shares were sent')
  return first.message.shares
}

/** What member 0 outputs for a subset, with the shares of member 1. */
function outcome(inside: Subset, options = {}) {
  const { member, decide } = memberOf(0, options)
  const first = decide(inside)
  const shares = sharesIn(memberOf(1, options).decide(inside))
  const then = member.message(peer(1), { type: 'shares', shares })
  return {
    subset: [...first.outputs, ...then.outputs][0],
    shares,
    faults: [...first.faults, ...then.faults],
  }
}

describe('sealed operations', () => {
  test('the plaintext is not in the ciphertext, and what is sealed is said by its first bytes', () => {
    const bytesOf = sealed('secret vote')
    expect(said(bytesOf).startsWith('mc/seal1')).toBe(true)
    expect(hex(bytesOf)).not.toContain(hex(text('secret')))
    const { author } = sealedOperationCodec.decode(bytesOf)
    expect(said(author)).toBe('alice')
    expect(() => sealedOperationCodec.decode(text('mc/seal2 whatever'))).toThrow(DecodeError)
    expect(() => sealed('x', 'a'.repeat(65))).toThrow(RangeError)
  })

  test('the bytes of the form around a ciphertext stay what they are', () => {
    const form = sealedOperationCodec.encode({ author: text('al'), ciphertext: Uint8Array.of(1, 2, 3) })
    expect(hex(form)).toBe('6d632f7365616c3102616c010203')
  })
})

describe('causal subset', () => {
  test('C1: what is proposed is what was given', () => {
    const { member, proposed } = memberOf(0)
    member.input(payload(sealed('a')))
    expect(proposed).toEqual([payload(sealed('a'))])
  })

  test('C2: no share leaves before the subset is decided, whatever comes', () => {
    const { member, decide } = memberOf(0)
    const inside = subsetOf(payload(sealed('a')), payload(sealed('b')))
    expect(member.input(payload(sealed('a'))).messages).toEqual([])
    for (const from of [1, 2, 3]) {
      const shares = sharesIn(memberOf(from).decide(inside))
      expect(member.message(peer(from), { type: 'shares', shares })).toEqual({
        messages: [],
        outputs: [],
        faults: [],
      })
    }
    expect(opened(decide(inside).outputs[0])).toEqual({ 0: 'a h', 1: 'b h' })
  })

  test('C4: plaintexts stand in the places of ciphertexts; what nobody sealed stays as it is', () => {
    const inside = subsetOf(
      payload(sealed('a'), text('plain'), sealed('b')),
      new Uint8Array(0),
      text('no list of operations at all'),
    )
    const { subset, shares } = outcome(inside)
    expect(shares).toHaveLength(2)
    const [first, second, third] = [...(subset ?? new Map()).values()]
    expect(codec.decode(first as Uint8Array).operations.map(said)).toEqual(['a', 'plain', 'b'])
    expect([second, said(third as Uint8Array)]).toEqual([new Uint8Array(0), 'no list of operations at all'])
  })

  test('an operation that several proposed is opened once, and stands in each of their payloads', () => {
    const { subset, shares } = outcome(subsetOf(payload(sealed('a')), payload(sealed('b'), sealed('a'))))
    expect(shares).toHaveLength(2)
    expect(opened(subset)).toEqual({ 0: 'a h', 1: 'b a h' })
  })

  test('without sealed operations nothing is waited for', () => {
    const { decide } = memberOf(0)
    expect(opened(decide(subsetOf(payload(text('plain')))).outputs[0])).toEqual({ 0: 'plain h' })
  })

  test('bad ciphertexts are left out, the same everywhere, and nobody is blamed for a client', () => {
    const good = sealed('good')
    const { author, ciphertext } = sealedOperationCodec.decode(good)
    const bad = [
      // As somebody else's: related operations cannot be made of what one cannot read.
      sealedOperationCodec.encode({ author: text('mallory'), ciphertext }),
      sealedOperationCodec.encode({
        author,
        ciphertext: ciphertext.map((byte, at) => (at === ciphertext.length - 1 ? byte ^ 1 : byte)),
      }),
      sealedOperationCodec.encode({ author, ciphertext: Uint8Array.of(1) }),
      // For another network.
      sealed('good', 'alice', (encryptionKeys(5)[0] as EncryptionKey).scheme),
    ]
    const { subset, shares, faults } = outcome(subsetOf(payload(...bad, good)))
    expect(shares).toHaveLength(1)
    expect(opened(subset)).toEqual({ 0: 'good h' })
    expect(faults).toEqual([])
  })

  test('more operations than a payload may hold: it counts as empty', () => {
    const many = Array.from({ length: 6 }, (_, at) => text(`${at}`))
    const { decide } = memberOf(0)
    expect(decide(subsetOf(payload(...many))).outputs[0]).toEqual(new Map([[0, new Uint8Array(0)]]))
  })

  test('a bad share is named, and the next member takes the place of whoever gave it', () => {
    const inside = subsetOf(payload(sealed('a'), sealed('b')))
    const { member, decide } = memberOf(0)
    decide(inside)
    const [first, second] = sharesIn(memberOf(1).decide(inside)) as [Uint8Array, Uint8Array]
    const bad = member.message(peer(1), { type: 'shares', shares: [second, first] })
    expect(bad.outputs).toEqual([])
    expect(bad.faults).toMatchObject([{ rule: 'acs/bad-decryption-share', peer: 1 }])
    const shares = sharesIn(memberOf(2).decide(inside))
    expect(opened(member.message(peer(2), { type: 'shares', shares }).outputs[0])).toEqual({ 0: 'a b h' })
  })

  test('a list of shares that is too long or too short, or a second one, does not count', () => {
    const inside = subsetOf(payload(sealed('a'), sealed('b')))
    const shares = sharesIn(memberOf(1).decide(inside))
    const { member, decide } = memberOf(0)
    member.message(peer(1), { type: 'shares', shares: shares.slice(1) })
    expect(decide(inside).faults).toMatchObject([{ rule: 'acs/wrong-share-count', peer: 1 }])
    const long = member.message(peer(2), { type: 'shares', shares: [...shares, shares[0] as Uint8Array] })
    expect(long.faults).toMatchObject([{ rule: 'acs/wrong-share-count', peer: 2 }])
    expect(member.message(peer(1), { type: 'shares', shares }).outputs).toEqual([])
  })

  test('f shares tell nothing: all that f members have does not open', () => {
    const { ciphertext, author } = sealedOperationCodec.decode(sealed('a'))
    const inside = subsetOf(payload(sealed('a')))
    const [share] = sharesIn(memberOf(3).decide(inside)) as [Uint8Array]
    const label = Uint8Array.of(
      ...lengthened(text('mc/sealed-operation/v1')),
      ...lengthened(scheme.keySet),
      ...lengthened(author),
    )
    const mine = { member: 3, share, verified: false }
    expect(scheme.isSound({ ciphertext, label })).toBe(true)
    expect(() => scheme.open({ ciphertext, label }, [mine])).toThrow(RangeError)
    for (const forged of [share, share.map(byte => byte ^ 1)]) {
      const opening = scheme.open({ ciphertext, label }, [
        mine,
        { member: 0, share: forged, verified: false },
      ])
      expect(opening).toEqual({ type: 'bad-shares', members: [0] })
    }
  })

  test('misuse: a share that is nobody’s or another’s, a key set that does not fit, a bound that is none', () => {
    const stranger = { scheme, secretShare: Uint8Array.from({ length: 32 }, () => 1) }
    const make = (key: EncryptionKey, operationsMax = 5) =>
      causalSubset({ acs: plainSubset(), key, codec, operationsMax })
    expect(() => make(stranger)).toThrow(RangeError)
    expect(() => make(keys[0] as EncryptionKey, 0)).toThrow(RangeError)
    expect(() => memberOf(0, { key: keys[1] as EncryptionKey })).toThrow(RangeError)
    expect(() => memberOf(0, { key: encryptionKeys(5)[0] as EncryptionKey })).toThrow(RangeError)
  })
})

const lengthened = (part: Uint8Array): number[] => [part.length, ...part]

describe('in a network', () => {
  const keysOf = new Map([4, 7].map(n => [n, encryptionKeys(n)]))

  test.each([
    ['nobody Byzantine', undefined],
    ['f silent members', silent()],
    ['f equivocating members', equivocator<Uint8Array>({ otherInput: () => payload(text('other')) })],
  ])(
    '%s: all output the same plaintexts, and nobody gives a share before its order is fixed',
    (_, adversary) => {
      for (const n of [4, 7]) {
        for (const schedule of [randomOrder(), fifo(), lifo()]) {
          for (let seed = 0; seed < seeds; seed += 1) run(n, seed, schedule, adversary as never)
        }
      }
    },
  )

  /** One run; what is on the wire before the first subset is decided is looked at. */
  function run(n: number, seed: number, schedule: ReturnType<typeof fifo>, adversary: never): void {
    const f = faultsTolerated(n)
    const networkKeys = keysOf.get(n) as readonly EncryptionKey[]
    const { scheme: of } = networkKeys[0] as EncryptionKey
    const decided = new Set<number>()
    const early: string[] = []
    const { outputs, violations } = simulate({
      seed,
      n,
      schedule,
      encoded: true,
      protocol: ({ random, index }) => {
        const inside = rabaSubset({
          rbc: ctRbc({ sha256, payloadBytesMax: 512 }),
          raba: quadraticRaba({ coin: localCoin({ rng: random }) }),
        })
        const acs: typeof inside = {
          ...inside,
          create: (params, effects) =>
            inside.create(params, {
              send: (to, message) => effects.send(to, message),
              broadcast: message => effects.broadcast(message),
              fault: fault => effects.fault(fault),
              scope: child => effects.scope(child),
              output: subset => {
                decided.add(index)
                effects.output(subset)
              },
            }),
        }
        const causal = causalSubset({
          acs,
          key: networkKeys[index] as EncryptionKey,
          codec,
          operationsMax: 5,
        })
        return {
          ...causal,
          create: (
            params: Parameters<typeof causal.create>[0],
            effects: Parameters<typeof causal.create>[1],
          ) =>
            causal.create(params, {
              send: (to, message) => effects.send(to, message),
              output: subset => effects.output(subset),
              fault: fault => effects.fault(fault),
              scope: child => effects.scope(child),
              broadcast: message => {
                const isByzantine = adversary !== undefined && index >= n - f
                if (message.type === 'shares' && !isByzantine && !decided.has(index)) early.push(`${index}`)
                effects.broadcast(message)
              },
            }),
        }
      },
      params: who => ({ committee: who, domain: ['causal', seed] }),
      inputs: index => payload(sealed(`vote ${index}`, `client ${index}`, of)),
      byzantine: Object.fromEntries(
        adversary === undefined ? [] : Array.from({ length: f }, (_, at) => [n - 1 - at, adversary]),
      ),
    })
    expect(violations).toEqual([])
    expect(early).toEqual([])
    const correct = adversary === undefined ? n : n - f
    const texts = outputs.slice(0, correct).map(([subset]) => opened(subset as Subset))
    for (const other of texts) expect(other).toEqual(texts[0])
    for (const [proposer, found] of Object.entries(texts[0] ?? {})) {
      if (Number(proposer) < correct) expect(found).toBe(`vote ${proposer} h`)
    }
  }
})
