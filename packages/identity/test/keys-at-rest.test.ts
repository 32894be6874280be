import {
  BACKUP_WORDS,
  backupWords,
  beginRecovery,
  guardiansNeeded,
  keystoreCost,
  lockKeystore,
  memberKey,
  openKeystore,
  RECOVERY_DELAY_S,
  recoveryState,
  restoreFromWords,
  rotated,
  signRotation,
  verifyRotation,
  vetoes,
  wordOf,
  wordsOf,
  wordValue,
} from '@mc/identity'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crypto, id, ORG, rngOf, runsOf, secretsOf, sha256, turned } from './people.js'

const [alice, bob] = secretsOf(2) as [Uint8Array, Uint8Array]

describe('words', () => {
  test('4,096 of them, each with its number, in any case of letters', () => {
    const all = Array.from({ length: 4_096 }, (_, value) => wordOf(value))
    expect(new Set(all).size).toBe(4_096)
    expect(
      all.every((word, value) => wordValue(word) === value && wordValue(word.toUpperCase()) === value),
    ).toBe(true)
    for (const wrong of ['', 'bab', 'babab', 'baby', 'abab', 'bàba']) expect(wordValue(wrong)).toBeUndefined()
  })

  test('words take 12 bits each from the front', () => {
    expect(wordsOf(Uint8Array.of(0xff, 0xf0, 0x00), 2)).toEqual([wordOf(4_095), wordOf(0)])
    expect(() => wordsOf(new Uint8Array(2), 2)).toThrow(RangeError)
  })
})

describe('backup words', () => {
  const words = backupWords(alice, sha256)

  test('24 words give the key back, however they are written', () => {
    expect(words).toHaveLength(BACKUP_WORDS)
    expect(restoreFromWords(words.join(' '), sha256)).toEqual({ secretKey: alice })
    expect(restoreFromWords(`\n ${words.join('\t').toUpperCase()} `, sha256)).toEqual({ secretKey: alice })
  })

  test('every word that is replaced, and every two that change places, are noticed', () => {
    for (let at = 0; at < BACKUP_WORDS; at += 1) {
      const other = [...words]
      other[at] = wordOf((wordValue(words[at]!)! + 1) % 4_096)
      expect(restoreFromWords(other.join(' '), sha256)).toEqual({ wrong: 'check' })
      const swapped = [...words]
      const next = (at + 1) % BACKUP_WORDS
      ;[swapped[at], swapped[next]] = [words[next]!, words[at]!]
      if (words[at] !== words[next])
        expect(restoreFromWords(swapped.join(' '), sha256)).toEqual({ wrong: 'check' })
    }
  })

  test('a word that is none is named by its place; a missing one is said', () => {
    const broken = [...words]
    broken[7] = 'xxxx'
    expect(restoreFromWords(broken.join(' '), sha256)).toEqual({ wrong: 'word', at: 7 })
    expect(restoreFromWords(words.slice(1).join(' '), sha256)).toEqual({ wrong: 'count' })
    expect(restoreFromWords('', sha256)).toEqual({ wrong: 'word', at: 0 })
  })

  test('every key comes back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999 }), at => {
        const [secret] = secretsOf(1, `key ${at}`) as [Uint8Array]
        expect(restoreFromWords(backupWords(secret, sha256).join(' '), sha256)).toEqual({ secretKey: secret })
      }),
      { seed: 5, numRuns: runsOf(25) },
    )
  })
})

describe('a keystore', () => {
  const secrets = {
    org: ORG,
    keys: [{ secretKey: alice, fromEpoch: 3 }],
    openings: [{ salt: id(4), claim: Uint8Array.of(1, 2) }],
  }
  const cost = { logN: 4, r: 8, p: 1 }
  const file = lockKeystore(secrets, { password: 'a password', rng: rngOf('store'), cost })

  test('opens with its password', () => expect(openKeystore(file, 'a password')).toEqual(secrets))

  test('says what it costs to try a password, so that it is locked again with the same', () => {
    expect(keystoreCost(file)).toEqual(cost)
    expect(keystoreCost(new Uint8Array(3))).toBeUndefined()
  })

  test('does not open with another, nor with none', () => {
    expect(openKeystore(file, 'a passwore')).toBeUndefined()
    expect(openKeystore(file, '')).toBeUndefined()
    expect(() => lockKeystore(secrets, { password: '', rng: rngOf('store'), cost })).toThrow(RangeError)
  })

  test('notices every turned bit, its header included', () => {
    for (let at = 0; at < file.length; at += 1) {
      // The work factor is bounded, so a planted header cannot stop a device; only cheap ones are tried here.
      if (at >= 1 && at <= 3) continue
      expect(openKeystore(turned(file, 8 * at), 'a password')).toBeUndefined()
    }
    expect(openKeystore(turned(file, 8), 'a password')).toBeUndefined()
    expect(openKeystore(turned(file, 26), 'a password')).toBeUndefined()
    expect(openKeystore(new Uint8Array(0), 'a password')).toBeUndefined()
  })

  test('a file that asks for more work than it may is not tried, and not made', () => {
    for (const dear of [
      { logN: 19, r: 8, p: 1 },
      { logN: 4, r: 9, p: 1 },
      { logN: 4, r: 8, p: 5 },
    ]) {
      const options = { password: 'a password', rng: rngOf('store'), cost: dear }
      expect(() => lockKeystore(secrets, options)).toThrow(RangeError)
    }
    const greedy = file.slice()
    greedy[1] = 20
    expect(openKeystore(greedy, 'a password')).toBeUndefined()
  })
})

describe('§12: rotation and recovery', () => {
  const guardians = secretsOf(4, 'guardians')
  const of = {
    member: id(7),
    key: memberKey(alice, crypto),
    changes: 2,
    guardians: guardians.map(secret => memberKey(secret, crypto)),
  }
  const newKey = memberKey(bob, crypto)
  const approve = (at: number, what = { intent: 'recover', of, newKey } as const) => ({
    guardian: of.guardians[at]!,
    signature: signRotation(ORG, what, guardians[at]!, crypto),
  })
  const begin = (approvals: readonly ReturnType<typeof approve>[]) =>
    beginRecovery(ORG, of, { newKey, approvals, nowS: 50 }, crypto)

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
  ])('of %i guardians %i are needed: ⌈2/3⌉', (count, needed) => expect(guardiansNeeded(count)).toBe(needed))

  test('the own key rotates by itself', () => {
    const what = { intent: 'rotate', of, newKey } as const
    const signature = signRotation(ORG, what, alice, crypto)
    expect(verifyRotation(ORG, what, { key: of.key, signature }, crypto)).toBe(true)
    expect(verifyRotation(ORG, { ...what, newKey: id(1) }, { key: of.key, signature }, crypto)).toBe(false)
    expect(
      verifyRotation(ORG, { ...what, of: { ...of, changes: 3 } }, { key: of.key, signature }, crypto),
    ).toBe(false)
    expect(verifyRotation(id(9), what, { key: of.key, signature }, crypto)).toBe(false)
  })

  test('enough guardians begin a recovery, which waits seven days', () => {
    const recovery = begin([0, 1, 3].map(at => approve(at)))
    expect(recovery).toEqual({ newKey, startedS: 50 })
    if ('refused' in recovery) throw new Error('refused')
    expect(recoveryState(recovery, 50 + RECOVERY_DELAY_S - 1)).toBe('waiting')
    expect(recoveryState(recovery, 50 + RECOVERY_DELAY_S)).toBe('complete')
  })

  test('too few, one twice, one for another key, one from before the last change: refused', () => {
    const few = { refused: 'too-few-guardians' }
    expect(begin([0, 1].map(at => approve(at)))).toEqual(few)
    expect(begin([0, 1, 1, 1].map(at => approve(at)))).toEqual(few)
    expect(
      begin([approve(0), approve(1), approve(2, { intent: 'recover', of, newKey: id(1) } as never)]),
    ).toEqual(few)
    const earlier = { intent: 'recover', of: { ...of, changes: 1 }, newKey } as const
    expect(begin([approve(0), approve(1), approve(2, earlier as never)])).toEqual(few)
    expect(begin([approve(0), approve(1), { ...approve(2), guardian: id(5) }])).toEqual(few)
    const twice = {
      ...of,
      guardians: [of.guardians[0]!, of.guardians[0]!, of.guardians[0]!, of.guardians[1]!],
    }
    expect(beginRecovery(ORG, twice, { newKey, approvals: [approve(0)], nowS: 0 }, crypto)).toEqual(few)
    const none = { ...of, guardians: [] }
    expect(beginRecovery(ORG, none, { newKey, approvals: [], nowS: 0 }, crypto)).toEqual({
      refused: 'no-guardians',
    })
    expect(beginRecovery(ORG, of, { newKey: of.key, approvals: [], nowS: 0 }, crypto)).toEqual({
      refused: 'same-key',
    })
  })

  test('the old key objects in the delay, and not after; nobody else does', () => {
    const recovery = { newKey, startedS: 50 }
    const what = { intent: 'veto', of, newKey } as const
    const signature = signRotation(ORG, what, alice, crypto)
    expect(vetoes(ORG, of, { recovery, signature, nowS: 51 }, crypto)).toBe(true)
    expect(vetoes(ORG, of, { recovery, signature, nowS: 50 + RECOVERY_DELAY_S }, crypto)).toBe(false)
    const stranger = signRotation(ORG, what, bob, crypto)
    expect(vetoes(ORG, of, { recovery, signature: stranger, nowS: 51 }, crypto)).toBe(false)
    const rotate = signRotation(ORG, { ...what, intent: 'rotate' }, alice, crypto)
    expect(vetoes(ORG, of, { recovery, signature: rotate, nowS: 51 }, crypto)).toBe(false)
  })

  test('all secondary keys are dropped', () =>
    expect(rotated(newKey)).toEqual({ key: newKey, secondary: [] }))
})
