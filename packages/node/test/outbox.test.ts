import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { MemberKey, Transport } from '@mc/network'
import { peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { Members } from '../src/members.js'
import { Outbox } from '../src/outbox.js'
import { messagesOf, type PeerMessage, peerMessageCodec } from '../src/replica/peer-messages.js'
import type { Outgoing } from '../src/replica/turn.js'

const codec = peerMessageCodec(1024 * 1024)
const members = new Members({
  index: 0,
  firstEpoch: 0,
  suite: 'any',
  depth: 1,
  members: Array.from({ length: 4 }, (_, index) => {
    const publicKey = crypto.ed25519.publicKey(new Uint8Array(32).fill(index + 1))
    return { name: `member ${index}`, publicKey, addresses: [] }
  }),
})

interface Sent {
  readonly to: MemberKey
  readonly priority: string
  readonly frame: Uint8Array
}

/** What leaves for one turn. */
function sent(...outgoing: readonly Outgoing[]): readonly Sent[] {
  const frames: Sent[] = []
  const send = (to: MemberKey, priority: string, frame: Uint8Array): boolean =>
    frames.push({ to, priority, frame }) > 0
  const transport = { send, self: members.key(peer(0)) } as unknown as Transport
  new Outbox({ transport, members, codec }).send(outgoing)
  return frames
}

const said = (text: string, bytes = 1): PeerMessage => ({
  type: 'consensus',
  configuration: 0,
  bytes: Buffer.from(text.padEnd(bytes)),
})
const heard = ({ frame }: Sent): readonly string[] =>
  [...messagesOf(frame)].map(bytes => {
    const message = codec.decode(bytes)
    return message.type === 'consensus' ? Buffer.from(message.bytes).toString().trim() : message.type
  })

describe('the outbox', () => {
  test('a turn that says the same to all makes the bytes of one frame, and sends them to each', () => {
    const frames = sent({ to: 'all', message: said('a') }, { to: 'all', message: said('b') })
    expect(frames.map(({ to }) => to)).toEqual([1, 2, 3].map(index => members.key(peer(index))))
    expect(frames.map(heard)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect(new Set(frames.map(({ frame }) => frame)).size).toBe(1)
  })

  test('who is told something else, or the same in another order, has a frame of its own', () => {
    const [all, one, other] = [said('all'), said('one'), said('other')]
    const frames = sent(
      { to: peer(2), message: one },
      { to: 'all', message: all },
      { to: peer(1), message: one },
      { to: peer(3), message: other },
    )
    expect(frames.map(heard)).toEqual([
      ['all', 'one'],
      ['one', 'all'],
      ['all', 'other'],
    ])
  })

  test('a message beyond 4 KiB goes with the bulk, behind the votes', () => {
    const frames = sent({ to: 'all', message: said('large', 5_000) }, { to: peer(1), message: said('vote') })
    expect(frames.map(frame => [frame.priority, ...heard(frame)])).toEqual([
      ['control', 'vote'],
      ['bulk', 'large'],
      ['bulk', 'large'],
      ['bulk', 'large'],
    ])
  })
})
