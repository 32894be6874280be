import { type MvcDecision, NONE, type RitasMvcMessage, ritasMvc } from '@mc/acs'
import { committee, drive, peer, type Step } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { type StubAbaMessage, type StubRbcMessage, stubAba, stubRbc } from './stub-parts.js'

type Message = RitasMvcMessage<StubRbcMessage, StubAbaMessage>

const v = Uint8Array.of(5)
const w = Uint8Array.of(6)

/** Member 0 of n; its broadcasts deliver and its agreement decides what the test says. */
function member(n = 4) {
  const node = drive(ritasMvc({ rbc: stubRbc(), aba: stubAba() }), {
    committee: committee({ n, self: 0 }),
    domain: ['test'],
  })
  const say = (message: Message): Step<Message, MvcDecision> => node.message(peer(1), message)
  const deliver = (type: 'init' | 'vect', proposer: number, payload: Uint8Array) =>
    say({ type, proposer: peer(proposer), message: { type: 'deliver', payload } })
  return {
    node,
    init: (value: Uint8Array, ...proposers: number[]) =>
      proposers.map(at => deliver('init', at, value)).at(-1),
    vect: (bits: number, ...proposers: number[]) =>
      proposers.map(at => deliver('vect', at, Uint8Array.of(bits))).at(-1),
    spoil: (type: 'init' | 'vect', proposer: number) =>
      say({ type, proposer: peer(proposer), message: { type: 'spoil' } }),
    decide: (bit: 0 | 1) => say({ type: 'aba', message: { type: 'decide', bit } }),
  }
}

/** What was given to the parts, as text. */
const given = (step: Step<Message, MvcDecision> | undefined): string[] =>
  (step?.messages ?? []).map(({ message }) =>
    message.type === 'aba'
      ? `aba ${'bit' in message.message ? message.message.bit : '?'}`
      : `${message.type} ${message.proposer} ${'payload' in message.message ? message.message.payload : '?'}`,
  )

describe('multi-valued consensus of RITAS', () => {
  test('M1: the value is broadcast as INIT', () => {
    expect(given(member().node.input(v))).toEqual(['init 0 5'])
  })

  test('M2: n − f INITs make a vector of exactly their senders', () => {
    const { init } = member()
    expect(given(init(v, 3, 1))).toEqual([])
    expect(given(init(w, 2))).toEqual([`vect 0 ${0b1110}`])
    expect(given(init(v, 0))).toEqual([])
  })

  test('M3: a vector is valid only once all its INITs are here', () => {
    const { init, vect } = member()
    init(v, 0, 1)
    expect(given(vect(0b1011, 0, 1, 2))).toEqual([])
    expect(given(init(v, 3))).toEqual([`vect 0 ${0b1011}`, 'aba 1'])
  })

  test('M4: n − f vectors, n − 2f of them for one value and none for another: 1', () => {
    const { init, vect } = member()
    init(v, 0, 1)
    init(w, 2)
    init(Uint8Array.of(7), 3)
    // {0, 1, 2} supports v, {0, 2, 3} supports nothing.
    expect(given(vect(0b0111, 0, 1))).toEqual([])
    expect(given(vect(0b1101, 2))).toEqual(['aba 1'])
  })

  test('M4: vectors for two values, or too few for one: 0', () => {
    const split = member()
    split.init(v, 0, 1)
    split.init(w, 2, 3)
    split.vect(0b0111, 0, 1)
    expect(given(split.vect(0b1110, 2))).toEqual(['aba 0'])
    const few = member()
    few.init(v, 0, 1)
    few.init(w, 2)
    few.init(Uint8Array.of(7), 3)
    few.vect(0b0111, 0)
    expect(given(few.vect(0b1101, 1, 2))).toEqual(['aba 0'])
  })

  test('M5: decided 0 is nobody’s value, at once', () => {
    expect(member().decide(0).outputs).toEqual([NONE])
    const { init, vect, decide } = member()
    init(v, 0, 1, 2)
    vect(0b0111, 0, 1, 2)
    expect(decide(0).outputs).toEqual([NONE])
  })

  test('M5: decided 1 waits for n − 2f vectors for one value', () => {
    const { init, vect, decide } = member()
    expect(decide(1).outputs).toEqual([])
    init(v, 0, 1)
    init(w, 2, 3)
    expect(vect(0b0111, 0)?.outputs).toEqual([])
    expect(vect(0b1011, 3)?.outputs).toEqual([v])
    expect(vect(0b1011, 2)?.outputs).toEqual([])
  })

  test('n − 2f is not f + 1 where n is not 3f + 1', () => {
    const { init, vect, decide } = member(6)
    init(v, 0, 1, 2)
    init(w, 3, 4)
    decide(1)
    // Three of five are v, and a value needs four.
    for (const proposer of [0, 1, 2, 3, 4]) expect(vect(0b011111, proposer)?.outputs).toEqual([])
  })

  test('a vector that is not one of n − f members is named and does not count', () => {
    const { vect, spoil } = member()
    const rule = 'acs/malformed-vector'
    expect(vect(0b1111, 2)?.faults).toMatchObject([{ rule, peer: 2 }])
    expect(vect(0b0011, 1)?.faults).toMatchObject([{ rule, peer: 1 }])
    expect(vect(0b10111, 3)?.faults).toMatchObject([{ rule, peer: 3 }])
    expect(spoil('vect', 0).faults).toMatchObject([{ rule, peer: 0 }])
  })

  test('who broadcasts garbage has a value of no bytes', () => {
    const { init, vect, spoil, decide } = member()
    spoil('init', 0)
    spoil('init', 1)
    init(v, 2)
    decide(1)
    expect(vect(0b0111, 0, 1)?.outputs).toEqual([new Uint8Array(0)])
  })

  test('the broadcast must carry n bits', () => {
    const rbc = { ...stubRbc(), payloadBytesMax: 0 }
    const create = () =>
      drive(ritasMvc({ rbc, aba: stubAba() }), { committee: committee({ n: 4, self: 0 }), domain: [] })
    expect(create).toThrow(RangeError)
  })
})
