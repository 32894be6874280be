import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Driven, drive, type Outgoing, type PeerIndex, peer, type Step } from '@mc/protocol'
import { type BrachaMessage, brachaRbc, type Delivery } from '@mc/rbc'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const send = (text: string): BrachaMessage => ({ type: 'send', payload: bytes(text) })
const echo = (text: string): BrachaMessage => ({ type: 'echo', payload: bytes(text) })
const ready = (text: string): BrachaMessage => ({ type: 'ready', digest: sha256(bytes(text)) })

type Node = Driven<Uint8Array, BrachaMessage, Delivery>
type BrachaStep = Step<BrachaMessage, Delivery>

/** Member 0 of n, in the broadcast of the last member unless said otherwise. */
const member = ({ n = 4, f, proposer = n - 1 }: { n?: number; f?: number; proposer?: number } = {}): Node =>
  drive(brachaRbc({ sha256, payloadBytesMax: 64 }), {
    committee: committee({ n, self: 0, ...(f === undefined ? {} : { f }) }),
    proposer: peer(proposer),
  })
const hear = (node: Node, message: BrachaMessage, ...from: number[]): BrachaStep =>
  from.map(index => node.message(peer(index), message)).at(-1) as BrachaStep
const toAll = (message: BrachaMessage): Outgoing<BrachaMessage>[] => [{ to: 'all', message }]
const rules = (step: BrachaStep): [string, PeerIndex | undefined][] =>
  step.faults.map(fault => [fault.rule, fault.peer])

describe('agreement.md 4: Bracha reliable broadcast', () => {
  test('1: upon input m the proposer broadcasts SEND(m), and its own SEND makes it echo', () => {
    const step = member({ proposer: 0 }).input(bytes('m'))
    expect(step.messages).toEqual([...toAll(send('m')), ...toAll(echo('m'))])
  })

  test('1: only the proposer gives input, once, and at most payloadBytesMax bytes', () => {
    expect(() => member().input(bytes('m'))).toThrow('rbc: member 0 is not the proposer (proposer 3)')
    const proposer = member({ proposer: 0 })
    expect(() => proposer.input(new Uint8Array(65))).toThrow('rbc: need at most 64 bytes, got 65')
    expect(proposer.input(new Uint8Array(64)).messages).toHaveLength(2)
    expect(() => proposer.input(bytes('m'))).toThrow('rbc: proposer 0 has given its payload already')
  })

  test('2: upon the first SEND(m) from the proposer: broadcast ECHO(m)', () => {
    expect(hear(member(), send('m'), 3).messages).toEqual(toAll(echo('m')))
  })

  test('2: a SEND from anybody else is a fault and is not echoed', () => {
    const step = hear(member(), send('m'), 1)
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/not-the-proposer', peer(1)]])
  })

  test('2: a second SEND is not echoed; a different one is a fault, the same one is silent', () => {
    const node = member()
    hear(node, send('m'), 3)
    expect(hear(node, send('m'), 3)).toEqual({ messages: [], outputs: [], faults: [] })
    const step = hear(node, send('x'), 3)
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/conflicting-send', peer(3)]])
  })

  test('3: upon n − f ECHO(m): broadcast READY(H(m)), not before', () => {
    const node = member()
    expect(hear(node, echo('m'), 1, 2).messages).toEqual([])
    expect(hear(node, echo('m'), 3).messages).toEqual(toAll(ready('m')))
  })

  test('3: n − f, not 2f + 1: with n = 6, f = 1 three ECHOs are not enough', () => {
    const node = member({ n: 6 })
    expect(hear(node, echo('m'), 1, 2, 3, 4).messages).toEqual([])
    expect(hear(node, echo('m'), 5).messages).toEqual(toAll(ready('m')))
  })

  test('3: a member that the proposer skipped still sends READY and delivers', () => {
    const node = member()
    expect(hear(node, echo('m'), 1, 2, 3).messages).toEqual(toAll(ready('m')))
    expect(hear(node, ready('m'), 1, 2).outputs).toEqual([bytes('m')])
  })

  test('3: ECHOs of different payloads do not add up', () => {
    const node = member({ n: 7 })
    hear(node, echo('m'), 1, 2)
    expect(hear(node, echo('x'), 3, 4, 5, 6).messages).toEqual([])
    expect(hear(node, echo('m'), 0).messages).toEqual([])
  })

  test('3: one ECHO per member: a repeated one counts once, a different one is a fault and counts for nothing', () => {
    const node = member()
    expect(hear(node, echo('m'), 1, 1, 1)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(rules(hear(node, echo('x'), 1))).toEqual([['rbc/conflicting-echo', peer(1)]])
    expect(hear(node, echo('x'), 2, 3).messages).toEqual([])
  })

  test('3: the digest is computed here: a swapped payload in the last ECHO changes nothing', () => {
    const node = member({ n: 7 })
    hear(node, echo('m'), 1, 2, 3, 4)
    hear(node, echo('x'), 5)
    expect(hear(node, echo('m'), 6).messages).toEqual(toAll(ready('m')))
    expect(hear(node, ready('m'), 1, 2, 3, 4).outputs).toEqual([bytes('m')])
  })

  test('4: upon f + 1 READY(h), even without a single ECHO: broadcast READY(h)', () => {
    const node = member()
    expect(hear(node, ready('m'), 1).messages).toEqual([])
    expect(hear(node, ready('m'), 2).messages).toEqual(toAll(ready('m')))
  })

  test('4: READY is sent once, whichever rule came first', () => {
    const node = member()
    hear(node, ready('m'), 1, 2)
    expect(hear(node, echo('m'), 1, 2, 3).messages).toEqual([])
    const other = member({ n: 7 })
    hear(other, ready('m'), 1, 2, 3)
    expect(hear(other, ready('x'), 4, 5, 6).messages).toEqual([])
  })

  test('4: one READY per member: a repeated one counts once, a different one is a fault', () => {
    const node = member()
    expect(hear(node, ready('m'), 1, 1, 1).messages).toEqual([])
    expect(rules(hear(node, ready('x'), 1))).toEqual([['rbc/conflicting-ready', peer(1)]])
    expect(hear(node, ready('x'), 2).messages).toEqual([])
  })

  test('5: upon 2f + 1 READY(h) with the body of h: deliver it, once', () => {
    const node = member()
    hear(node, echo('m'), 1)
    expect(hear(node, ready('m'), 1).outputs).toEqual([])
    // Our own READY, by rule 4, is the third.
    expect(hear(node, ready('m'), 2).outputs).toEqual([bytes('m')])
    expect(hear(node, ready('m'), 3).outputs).toEqual([])
    expect(hear(node, echo('m'), 2, 3).outputs).toEqual([])
  })

  test('5: 2f + 1, not n − f: with n = 6, f = 1 three READYs deliver', () => {
    const node = member({ n: 6 })
    hear(node, echo('m'), 1)
    expect(hear(node, ready('m'), 1, 2).outputs).toEqual([bytes('m')])
  })

  test('5: a missing body is waited for: the next ECHO of it delivers', () => {
    const node = member()
    expect(hear(node, ready('m'), 1, 2, 3).outputs).toEqual([])
    expect(hear(node, echo('x'), 1).outputs).toEqual([])
    expect(hear(node, echo('m'), 2).outputs).toEqual([bytes('m')])
  })

  test('5: a member that has delivered still echoes a late SEND', () => {
    const node = member()
    hear(node, echo('m'), 1, 2)
    hear(node, ready('m'), 1, 2)
    expect(hear(node, send('m'), 3)).toEqual({ messages: toAll(echo('m')), outputs: [], faults: [] })
  })

  test('an ECHO after delivery, or from somebody who has echoed, is never hashed', () => {
    let hashes = 0
    const counting = (...parts: Uint8Array[]): Uint8Array => {
      hashes += 1
      return sha256(...parts)
    }
    const node = drive(brachaRbc({ sha256: counting }), {
      committee: committee({ n: 4, self: 0 }),
      proposer: peer(3),
    })
    hear(node, echo('m'), 1)
    for (let at = 0; at < 10; at += 1) hear(node, echo(`junk ${at}`), 1)
    expect(hashes).toBe(1)
    hear(node, ready('m'), 1, 2)
    hear(node, echo('x'), 2, 3)
    expect(hashes).toBe(1)
  })

  test('equal bodies are hashed once in a row', () => {
    let hashes = 0
    const counting = (...parts: Uint8Array[]): Uint8Array => {
      hashes += 1
      return sha256(...parts)
    }
    const node = drive(brachaRbc({ sha256: counting }), {
      committee: committee({ n: 7, self: 0 }),
      proposer: peer(3),
    })
    hear(node, echo('m'), 1, 2, 3, 4)
    expect(hashes).toBe(1)
  })

  test('a committee of one delivers to itself', () => {
    expect(member({ n: 1 }).input(bytes('m')).outputs).toEqual([bytes('m')])
  })

  test('an empty payload is a payload', () => {
    const node = member()
    hear(node, ready(''), 1, 2, 3)
    expect(hear(node, echo(''), 1).outputs).toEqual([new Uint8Array(0)])
  })

  test('payloadBytesMax must be an integer in 0 … 2^31 − 1', () => {
    for (const payloadBytesMax of [-1, 0.5, Number.NaN, 2 ** 31]) {
      expect(() => brachaRbc({ sha256, payloadBytesMax })).toThrow(RangeError)
    }
  })
})
