import { driveEncoded, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { FOUR, spoken, words } from './recording.js'

const parrot = spoken(effects => ({
  handleInput: input => effects.broadcast(input),
  handleMessage: (from, message) => {
    if (message === 'bug') throw new TypeError('our own mistake')
    effects.output(`${from} ${message}`)
  },
}))

describe('undecodable bytes are a fault of whoever sent them', () => {
  test('what the codec refuses is reported and reaches no handler', () => {
    const { messages, outputs, faults } = driveEncoded(parrot, FOUR).message(peer(3), Uint8Array.of(9, 1))
    expect([messages, outputs]).toEqual([[], []])
    expect(faults).toEqual([{ rule: 'wire/undecodable', peer: 3, detail: 'truncated: need 9 bytes, 1 left' }])
  })

  test('any bytes at all return normally', () => {
    const driven = driveEncoded(parrot, FOUR)
    for (let first = 0; first < 256; first += 1) {
      const { outputs, faults } = driven.message(peer(0), Uint8Array.of(first, 0x61))
      expect(outputs.length + faults.length).toBe(1)
    }
  })

  test('bytes in, bytes out', () => {
    const driven = driveEncoded(parrot, FOUR)
    expect(driven.message(peer(2), words.encode('hi')).outputs).toEqual(['2 hi'])
    const { messages, outputs } = driven.input('hello')
    expect(messages).toEqual([{ to: 'all', message: words.encode('hello') }])
    expect(outputs).toEqual(['1 hello'])
  })

  test('an exception of ours is a bug and not blamed on the peer', () => {
    expect(() => driveEncoded(parrot, FOUR).message(peer(2), words.encode('bug'))).toThrow(
      new TypeError('our own mistake'),
    )
  })

  test('a codec that fails in any other way is a bug of ours as well', () => {
    const broken = {
      ...parrot,
      codec: () => ({
        ...words,
        decode: () => {
          throw new TypeError('codec')
        },
      }),
    }
    expect(() => driveEncoded(broken, FOUR).message(peer(2), Uint8Array.of())).toThrow(new TypeError('codec'))
  })
})
