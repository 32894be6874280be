import { nodeCrypto } from '@mc/crypto/node'
import { committee, drive, type PeerIndex, peer } from '@mc/protocol'
import { type HashBrachaMessage, type HashBrachaRbcOptions, hashBrachaRbc } from '@mc/rbc'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const m = Uint8Array.of(1, 2, 3)
const other = Uint8Array.of(9)
const h = sha256(m)

const send = (payload: Uint8Array): HashBrachaMessage => ({ type: 'send', payload })
const echo = (payload: Uint8Array): HashBrachaMessage => ({ type: 'echo', digest: sha256(payload) })
const ready = (payload: Uint8Array): HashBrachaMessage => ({ type: 'ready', digest: sha256(payload) })
const body = (payload: Uint8Array): HashBrachaMessage => ({ type: 'body', payload })
const pull: HashBrachaMessage = { type: 'pull' }

/** Member 0 of four; member 3 broadcasts. */
function member(options: Partial<HashBrachaRbcOptions> = {}, n = 4) {
  const node = drive(hashBrachaRbc({ sha256, ...options }), {
    committee: committee({ n, self: 0 }),
    proposer: peer(3),
  })
  const hear = (message: HashBrachaMessage, ...from: number[]) =>
    from.map(index => node.message(peer(index), message)).at(-1) as ReturnType<typeof node.message>
  return { node, hear }
}

const all = (message: HashBrachaMessage) => ({ to: 'all', message })
const to = (index: number, message: HashBrachaMessage) => ({ to: index as PeerIndex, message })

describe('hash form of Bracha’s broadcast', () => {
  test('H2: the first SEND of the proposer is echoed by its digest, nobody else’s is', () => {
    const { hear } = member()
    expect(hear(send(m), 2)).toMatchObject({
      messages: [],
      faults: [{ rule: 'rbc/not-the-proposer', peer: 2 }],
    })
    expect(hear(send(m), 3).messages).toEqual([all(echo(m))])
    expect(hear(send(m), 3)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(hear(send(other), 3).faults).toMatchObject([{ rule: 'rbc/conflicting-send', peer: 3 }])
  })

  test('H2: what the predicate refuses is not echoed, its proposer is named, and the predicate is asked once', () => {
    const asked: Uint8Array[] = []
    const accepts = (payload: Uint8Array) => {
      asked.push(payload)
      return false
    }
    const { hear } = member({ accepts })
    expect(hear(send(m), 3)).toMatchObject({
      messages: [],
      faults: [{ rule: 'rbc/refused-payload', peer: 3 }],
    })
    hear(send(m), 3)
    expect(asked).toEqual([m])
  })

  test('H2: what others accepted is delivered here, too, though it was refused here', () => {
    const { hear } = member({ accepts: () => false })
    hear(send(m), 3)
    hear(echo(m), 1, 2, 3)
    expect(hear(ready(m), 1, 2).outputs).toEqual([m])
  })

  test('H3 and H4: n − f ECHOs, or f + 1 READYs, make ready, once', () => {
    expect(member().hear(echo(m), 1, 2, 3).messages).toEqual([all(ready(m))])
    expect(member().hear(echo(m), 1, 2).messages).toEqual([])
    const { hear } = member()
    expect(hear(ready(m), 1).messages).toEqual([])
    expect(hear(ready(m), 2).messages).toEqual([all(ready(m))])
    expect(hear(echo(m), 1, 2, 3).messages.filter(({ message }) => message.type === 'ready')).toEqual([])
  })

  test('n − f is not 2f + 1 where n is not 3f + 1', () => {
    const { hear } = member({}, 6)
    expect(hear(echo(m), 1, 2, 3, 4).messages).toEqual([])
    expect(hear(echo(m), 5).messages).toEqual([all(ready(m))])
  })

  test('H5: 2f + 1 READYs with the payload deliver it, once', () => {
    const { hear } = member()
    hear(send(m), 3)
    expect(hear(ready(m), 1, 2).outputs).toEqual([m])
    expect(hear(ready(m), 3).outputs).toEqual([])
  })

  test('H5: without the payload f + 1 members that echoed it are asked, and no more', () => {
    const { hear } = member()
    hear(ready(m), 1, 2)
    expect(hear(echo(m), 1).messages).toEqual([to(1, pull)])
    expect(hear(echo(other), 2).messages).toEqual([])
    expect(hear(echo(m), 3).messages).toEqual([to(3, pull)])
    expect(hear(body(m), 3).outputs).toEqual([m])
    const seven = member({}, 7)
    seven.hear(ready(m), 1, 2, 3, 4)
    expect(seven.hear(echo(m), 1, 2, 3).messages).toEqual([to(3, pull)])
    expect(seven.hear(echo(m), 4).messages).toEqual([])
  })

  test('H6: whoever asks gets the payload that we echoed, once; before that, and without it, nobody does', () => {
    const { hear } = member()
    expect(hear(pull, 1).messages).toEqual([])
    hear(send(m), 3)
    expect(hear(pull, 1).messages).toEqual([to(1, body(m))])
    expect(hear(pull, 1)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(hear(pull, 2).messages).toEqual([to(2, body(m))])
  })

  test('H6: a payload that was refused here, and so not echoed, is given to nobody', () => {
    const { hear } = member({ accepts: () => false })
    hear(send(m), 3)
    expect(hear(pull, 1).messages).toEqual([])
  })

  test('H6: also after delivery', () => {
    const { hear } = member()
    hear(send(m), 3)
    hear(ready(m), 1, 2)
    expect(hear(pull, 1).messages).toEqual([to(1, body(m))])
  })

  test('H7: an answer that is not the payload is named, and the next one counts', () => {
    const { hear } = member()
    hear(ready(m), 1, 2)
    hear(echo(m), 1, 2)
    expect(hear(body(other), 1)).toMatchObject({ outputs: [], faults: [{ rule: 'rbc/bad-body', peer: 1 }] })
    expect(hear(body(m), 1)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(hear(body(m), 2).outputs).toEqual([m])
  })

  test('H7: who was not asked is named and not heard', () => {
    const { hear } = member()
    hear(ready(m), 1, 2)
    expect(hear(body(m), 2)).toMatchObject({ outputs: [], faults: [{ rule: 'rbc/unasked-body', peer: 2 }] })
  })

  test('one vote per member and kind: an equal one is silent, another one is a fault', () => {
    const { hear } = member()
    hear(echo(m), 1)
    expect(hear(echo(m), 1).faults).toEqual([])
    expect(hear(echo(other), 1).faults).toMatchObject([{ rule: 'rbc/conflicting-echo', peer: 1 }])
    hear(ready(m), 1)
    expect(hear(ready(other), 1).faults).toMatchObject([{ rule: 'rbc/conflicting-ready', peer: 1 }])
  })

  test('in the good case each link carries the payload once', () => {
    const { node } = member()
    const proposer = drive(hashBrachaRbc({ sha256 }), {
      committee: committee({ n: 4, self: 3 }),
      proposer: peer(3),
    })
    const { messages } = proposer.input(m)
    expect(messages.map(({ message }) => message.type)).toEqual(['send', 'echo'])
    expect(node.message(peer(3), send(m)).messages).toEqual([all({ type: 'echo', digest: h })])
  })
})
