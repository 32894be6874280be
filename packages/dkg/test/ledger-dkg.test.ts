import { sealedBoxes } from '@mc/crypto/dkg'
import { openKeySet, recoverSecret } from '@mc/crypto/threshold'
import { type GeneratedKey, ledgerDkg } from '@mc/dkg'
import { committee, drive, peer } from '@mc/protocol'
import { expect, test } from 'vitest'
import { lies, lyingBoxes } from './liars.js'
import { as, by, fastGroup as group, isDealing, Log, rngOf, sha256 } from './log.js'

const boxes = sealedBoxes({ group, sha256 })
const setting = { group, boxes }

/** All members that are expected to have a key have the same one, and f + 1 of their shares give its secret. */
function expectOneKey(log: Log<bigint>, holders: readonly number[]): GeneratedKey {
  const keys = holders.map(index => log.keys[index] as GeneratedKey)
  const [first] = keys as [GeneratedKey]
  const f = Math.floor((log.n - 1) / 3)
  for (const key of keys)
    expect({ ...key, secretShare: undefined }).toEqual({ ...first, secretShare: undefined })
  expect(openKeySet(group, first.keys)).toBeDefined()
  const shares = holders.map((member, at) => ({
    member,
    value: group.decodeScalar((keys[at] as GeneratedKey).secretShare) as bigint,
  }))
  for (const { member, value } of shares) {
    expect(group.encode(group.multiply(group.generator, value))).toEqual(first.keys.verificationKeys[member])
  }
  for (let at = 0; at + f + 1 <= shares.length; at += 1) {
    const secret = recoverSecret(shares.slice(at, at + f + 1), group.order)
    expect(group.encode(group.multiply(group.generator, secret))).toEqual(first.keys.publicKey)
  }
  return first
}

/** A committee in which member 3 lies in what it seals. */
const withLiar = (lie: Parameters<typeof lyingBoxes>[1]): Log<bigint> =>
  new Log({
    ...setting,
    corrupted: (index, options) =>
      index === 3 ? { ...options, boxes: lyingBoxes(options.boxes, lie) } : options,
  })

test('all members deal and acknowledge: the key is the sum of the first n − f complete dealings', () => {
  const log = new Log(setting)
  log.generate()
  log.run()
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 2])
  expect(log.faults).toEqual([])
  // One batch of dealings, one of acknowledgements: two operations per member.
  expect(log.history.map(operations => operations.length)).toEqual([4, 4])
})

test('f + 1 complete dealings are a key if that is what members agreed on', () => {
  const log = new Log({ ...setting, dealings: 'f + 1' })
  log.generate()
  log.run()
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1])
})

test('f silent members keep nobody from a key', () => {
  const log = new Log({ ...setting, n: 7 })
  log.generate([2, 5])
  log.run()
  expect(expectOneKey(log, [0, 1, 3, 4, 6]).dealers).toEqual([0, 1, 3, 4, 6])
})

test('a dealing with 2f acknowledgements is not complete, with 2f + 1 it is', () => {
  const log = new Log({ ...setting, dealings: 'f + 1' })
  log.generate()
  log.run(isDealing)
  log.run(by(0, 1))
  expect(log.keys).toEqual([undefined, undefined, undefined, undefined])
  log.run(by(2))
  expectOneKey(log, [0, 1, 2, 3])
})

test('a member counts once for a dealing, however often it acknowledges', () => {
  const log = new Log({ ...setting, dealings: 'f + 1' })
  log.generate()
  log.run(isDealing)
  const [first, second] = log.waiting as [(typeof log.waiting)[0], (typeof log.waiting)[0]]
  for (let time = 0; time < 4; time += 1) log.append([first, second])
  expect(log.keys.every(key => key === undefined)).toBe(true)
})

test('whoever was given a wrong row gets its share from f + 1 of the acknowledgements', () => {
  for (const lie of [lies.wrongValue(1), lies.wrongBox(1), lies.wrongPoint(1)]) {
    const log = withLiar(lie)
    log.generate()
    // The liar's dealing is among the first three, which make the key.
    log.run(operation => isDealing(operation) && !by(2)(operation))
    log.run(operation => !isDealing(operation))
    expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 3])
    expect(log.blamed).toContain('dkg/bad-row 3')
  }
})

test('wrong points in an acknowledgement are left out, and the next ones take their place', () => {
  // Member 3 deals nothing to member 0, and in its acknowledgement lies to it as well.
  const log = withLiar(lies.wrongValue(1))
  log.generate()
  log.run(operation => isDealing(operation) && !by(2)(operation))
  log.run(operation => !isDealing(operation) && by(3)(operation))
  expect(log.blamed).toEqual(['dkg/bad-row 3', 'dkg/bad-value 3'])
  log.run(operation => !isDealing(operation))
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 3])
})

test('a member that acknowledges twice gives one point, not two', () => {
  const log = withLiar(lies.wrongValue(1))
  log.generate()
  log.run(operation => isDealing(operation) && !by(2)(operation))
  const twice = log.waiting.filter(by(1)).filter(operation => !isDealing(operation))
  log.append([...twice, ...twice])
  log.run(operation => !isDealing(operation))
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 3])
})

test('who has good rows opens nothing but them, also when all is read in one piece', () => {
  let opened = 0
  const log = new Log({
    ...setting,
    corrupted: (index, options) => {
      if (index !== 1) return options
      const counting = lyingBoxes(options.boxes, (seal, one) => seal(one))
      return {
        ...options,
        boxes: {
          ...counting,
          open(box, secretKey) {
            opened += 1
            return counting.open(box, secretKey)
          },
        },
      }
    },
  })
  log.generate()
  log.run()
  expect(opened).toBe(4)
  log.history.splice(0, log.history.length, log.history.flat())
  log.restart(1)
  expect(log.keys[1]).toEqual({ ...log.keys[0], secretShare: log.keys[1]?.secretShare })
  expect(opened).toBe(8)
})

test('a dealing whose rows are wrong for more than f members is never complete', () => {
  const log = withLiar(lies.wrongValue(2))
  log.generate()
  log.run()
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 2])
})

test('one bad row does not spoil the others of its batch', () => {
  const log = withLiar(lies.wrongValue(3))
  log.generate()
  log.run()
  expect(log.blamed).toEqual(['dkg/bad-row 3'])
  expectOneKey(log, [0, 1, 2, 3])
})

test('commitments that are no elements take the place of their dealer, and cost nothing more', () => {
  const log = new Log(setting)
  log.generate()
  const dealing = log.waiting.find(by(3)) as (typeof log.waiting)[0]
  const bytes = dealing.bytes.map((byte, at) => (at >= 33 && at < 41 ? 0xff : byte))
  log.append([{ author: peer(3), bytes }])
  log.run()
  expect(expectOneKey(log, [0, 1, 2, 3]).dealers).toEqual([0, 1, 2])
  expect(log.blamed).toEqual(['dkg/invalid-commitment 3', 'dkg/second-dealing 3'])
})

test('the first dealing of a dealer stands: the same again is nothing, another one is a fault', () => {
  const log = new Log(setting)
  const other = new Log({ ...setting, corrupted: (_, options) => ({ ...options, rng: rngOf('other') }) })
  log.generate()
  other.generate()
  const [mine] = log.waiting.filter(by(3))
  const [second] = other.waiting.filter(by(3))
  if (mine === undefined || second === undefined) throw new Error('no dealing')
  log.append([mine, mine, second])
  log.run()
  expect(log.blamed).toEqual(['dkg/second-dealing 3'])
  expectOneKey(log, [0, 1, 2, 3])
})

test('operations of another session are refused, whoever sends them', () => {
  const log = new Log(setting)
  const earlier = new Log({ ...setting, seed: 'log' })
  const later = new Log({ ...setting, seed: 'another configuration' })
  log.generate()
  earlier.generate()
  later.generate()
  log.append(later.waiting)
  expect(log.blamed).toEqual([0, 1, 2, 3].map(index => `dkg/other-session ${index}`))
  log.run()
  expectOneKey(log, [0, 1, 2, 3])
})

test('a dealing that is copied from another dealer opens for nobody', () => {
  const log = new Log(setting)
  log.generate([3])
  const [first] = log.waiting as [(typeof log.waiting)[0]]
  log.append([as(3, first)])
  log.run()
  expect(expectOneKey(log, [0, 1, 2]).dealers).toEqual([0, 1, 2])
  expect(log.blamed).toEqual(['dkg/bad-row 3'])
})

test('whatever bytes a member puts on the log, the others generate their key', () => {
  const log = new Log(setting)
  log.generate([3])
  const rng = rngOf('garbage')
  const [dealing] = log.waiting as [(typeof log.waiting)[0]]
  const acknowledges = Uint8Array.of(...dealing.bytes.subarray(0, 32), 1, 1, 2)
  const garbage = [
    new Uint8Array(0),
    dealing.bytes.subarray(0, 31),
    dealing.bytes.subarray(0, 32),
    dealing.bytes.subarray(0, 100),
    Uint8Array.of(...dealing.bytes, 0),
    Uint8Array.of(...dealing.bytes.subarray(0, 32), 7),
    Uint8Array.of(...acknowledges, ...rng.bytes(8 + 4 * 24)),
    rng.bytes(500),
  ]
  log.append(garbage.map(bytes => ({ author: peer(3), bytes })))
  log.run()
  expectOneKey(log, [0, 1, 2])
  expect(log.blamed).toEqual(['dkg/other-session 3', 'dkg/undecodable-operation 3', 'dkg/unknown-dealing 3'])
})

test('dealers stand ascending in an acknowledgement, at least one of them', () => {
  const log = new Log(setting)
  log.generate([3])
  log.run(isDealing)
  const acknowledgement = log.waiting.find(by(0)) as (typeof log.waiting)[0]
  const swapped = acknowledgement.bytes.map((byte, at) => (at === 34 ? 1 : at === 35 ? 0 : byte))
  const none = Uint8Array.of(...acknowledgement.bytes.subarray(0, 33), 0)
  log.append([swapped, none].map(bytes => ({ author: peer(3), bytes })))
  expect(log.blamed).toEqual(['dkg/undecodable-operation 3'])
})

test('a dealing that comes late changes nothing, and a late acknowledgement neither', () => {
  const log = new Log(setting)
  log.generate()
  const late = log.waiting.filter(by(3))
  log.run(by(0, 1, 2))
  const keys = [...log.keys]
  log.append(late)
  log.run()
  expect(log.keys).toEqual(keys)
  expectOneKey(log, [0, 1, 2, 3])
  expect(log.faults).toEqual([])
})

test('nobody needs to see the operations in batches of the same size', () => {
  const whole = new Log(setting)
  whole.generate()
  whole.run()
  const single = new Log(setting)
  single.generate()
  for (const operations of whole.history) for (const operation of operations) single.append([operation])
  expect(single.keys).toEqual(whole.keys)
})

test('a member that lost all but its box key reads the log again and has its share again', () => {
  const log = new Log(setting)
  log.generate()
  log.run()
  const before = log.keys[1]
  log.restart(1)
  expect(log.keys[1]).toEqual(before)
  expect(log.waiting).toEqual([])
})

test('a member that restarts before the end deals no second time and acknowledges what it had not', () => {
  const log = new Log({ ...setting, dealings: 'f + 1' })
  log.generate([3])
  log.run(isDealing)
  log.waiting = log.waiting.filter(operation => !by(1)(operation))
  log.restart(1)
  expect(log.waiting.filter(by(1)).map(isDealing)).toEqual([false])
  log.run()
  expectOneKey(log, [0, 1, 2])
  expect(log.faults).toEqual([])
})

test('a member that has acknowledged before a restart says it no second time', () => {
  const log = new Log({ ...setting, dealings: 'f + 1' })
  log.generate()
  log.run(isDealing)
  log.run(by(1))
  log.restart(1)
  expect(log.waiting.filter(by(1))).toEqual([])
})

test('what f members hold fits every secret there is', () => {
  const log = new Log({ ...setting, n: 7 })
  log.generate()
  log.run()
  const key = log.keys[0] as GeneratedKey
  const held = [0, 1].map(member => ({
    member,
    value: group.decodeScalar((log.keys[member] as GeneratedKey).secretShare) as bigint,
  }))
  // f shares and any guess lie on a polynomial of degree f: the shares exclude nothing, and only the public key tells which is right.
  const guesses = [1n, 2n, 3n].map(guess => {
    const third = { member: 2, value: guess }
    return recoverSecret([...held, third], group.order)
  })
  expect(new Set(guesses).size).toBe(3)
  expect(guesses.map(secret => group.encode(group.multiply(group.generator, secret)))).not.toContainEqual(
    key.keys.publicKey,
  )
})

test('what is sealed for others, and the acknowledgements, stay shut for everybody else', () => {
  const log = new Log(setting)
  log.generate()
  log.run()
  const rowBytes = 2 * group.scalarBytes + boxes.overheadBytes
  const dealing = (log.history[0] as { readonly bytes: Uint8Array }[])[0]?.bytes as Uint8Array
  const commitmentBytes = 3 * group.elementBytes
  const commitment = dealing.subarray(33, 33 + commitmentBytes)
  const ephemeral = dealing.subarray(33 + commitmentBytes, 33 + commitmentBytes + group.elementBytes)
  const rows = dealing.subarray(33 + commitmentBytes + group.elementBytes)
  const context = Uint8Array.of(
    ...dealing.subarray(0, 32),
    3,
    ...[...'row'].map(one => one.charCodeAt(0)),
    0,
    ...commitment,
  )
  const opens = [0, 1, 2, 3].map(box =>
    [0, 1, 2, 3].map(
      reader =>
        boxes.open(
          { ephemeral, box: rows.subarray(box * rowBytes, (box + 1) * rowBytes), context },
          (log.boxKeys[reader] as { readonly secretKey: Uint8Array }).secretKey,
        ) !== undefined,
    ),
  )
  expect(opens).toEqual([0, 1, 2, 3].map(box => [0, 1, 2, 3].map(reader => reader === box)))
})

test('box keys that do not fit are the caller’s mistake', () => {
  const keys = [0, 1, 2, 3].map(index => boxes.generate(rngOf(`${index}`)))
  const publicKeys = keys.map(({ publicKey }) => publicKey)
  const make = (boxKeys: readonly Uint8Array[], boxSecretKey: Uint8Array) => () =>
    drive(ledgerDkg({ group, sha256, boxes, boxSecretKey, rng: rngOf('x') }), {
      committee: committee({ n: 4, self: 0 }),
      domain: [],
      boxKeys,
    })
  const secret = (keys[0] as { readonly secretKey: Uint8Array }).secretKey
  expect(make(publicKeys, secret)).not.toThrow()
  expect(make(publicKeys.slice(1), secret)).toThrow(RangeError)
  expect(make([...publicKeys.slice(0, 3), new Uint8Array(8)], secret)).toThrow(RangeError)
  expect(make(publicKeys, (keys[1] as { readonly secretKey: Uint8Array }).secretKey)).toThrow(RangeError)
})

test('a second generate is the caller’s mistake', () => {
  const log = new Log(setting)
  log.generate()
  expect(() => log.generate()).toThrow(RangeError)
})
