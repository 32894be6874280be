/**
 * Codecs, one agreement, and one epoch, in memory.
 */
import { proposalCodec } from '@mc/abc'
import { localCoin } from '@mc/coin'
import type { CryptoProvider } from '@mc/crypto'
import { waterbearQsQ } from '@mc/presets'
import { type Bit, committee, type Driven, drive, epoch, type PeerIndex, type Step } from '@mc/protocol'
import { quadraticRaba } from '@mc/raba'
import { filled } from './coding-parts.js'
import type { PartCase } from './stopwatch.js'

/** Encoding and decoding of proposals with 2,000 operations of 250 bytes. */
export function* codecParts(): Generator<PartCase> {
  const codec = proposalCodec({ operationBytesMax: 1_024, operationsMax: 4_096 })
  const operations = Array.from({ length: 2_000 }, () => filled(250))
  const proposal = { header: filled(80), operations }
  const encoded = codec.encode(proposal)
  yield {
    part: 'codec/proposal-encode',
    variant: 'hand-written',
    bytes: encoded.length,
    run: () => codec.encode(proposal),
  }
  yield {
    part: 'codec/proposal-decode',
    variant: 'hand-written',
    bytes: encoded.length,
    run: () => codec.decode(encoded),
  }
}

/** One agreement among n members, all messages delivered in order, all decide. */
export function* agreementParts({ rng }: CryptoProvider): Generator<PartCase> {
  const raba = quadraticRaba({ coin: localCoin({ rng }) })
  for (const n of [4, 7, 16]) {
    for (const [variant, bit] of [
      ['all propose 1', () => 1],
      ['all propose 0', () => 0],
    ] as const) {
      yield {
        part: 'agreement/quadratic-raba',
        variant,
        n,
        run: () => {
          const members = Array.from({ length: n }, (_, self) =>
            drive(raba, { committee: committee({ n, self }), domain: ['bench'] }),
          )
          run(
            members,
            members.map(member => member.input({ type: 'propose', bit: bit() as Bit })),
          )
        },
      }
    }
  }
}

/** One epoch of the default system with payloads of 64 KiB, all messages delivered in order. */
export function* epochParts(providers: readonly CryptoProvider[]): Generator<PartCase> {
  const payload = filled(65_536)
  for (const { name, sha256, rng } of providers) {
    for (const n of name === 'node' ? [4, 16] : [4]) {
      const { atomicBroadcast } = waterbearQsQ({ rng, sha256 })
      const start = (): void => {
        const members = Array.from({ length: n }, (_, self) =>
          drive(atomicBroadcast, {
            committee: committee({ n, self }),
            domain: ['bench'],
            firstEpoch: epoch(0),
          }),
        )
        run(
          members,
          members.map(member => member.input({ type: 'propose', epoch: epoch(0), payload })),
        )
      }
      yield { part: 'epoch/waterbear-qs-q', variant: name, n, bytes: n * payload.length, run: start }
    }
  }
}

/** Delivers everything, first in first out, until nothing is left. */
function run<Input, Message, Output>(
  members: readonly Driven<Input, Message, Output>[],
  first: readonly Step<Message, Output>[],
): void {
  const queue: { from: PeerIndex; to: number; message: Message }[] = []
  const post = (from: number, step: Step<Message, Output>): void => {
    for (const { to, message } of step.messages) {
      for (let peer = 0; peer < members.length; peer += 1) {
        if (peer !== from && (to === 'all' || to === peer))
          queue.push({ from: from as PeerIndex, to: peer, message })
      }
    }
  }
  for (const [from, step] of first.entries()) post(from, step)
  for (let at = 0; at < queue.length; at += 1) {
    const { from, to, message } = queue[at] as (typeof queue)[number]
    post(to, (members[to] as Driven<Input, Message, Output>).message(from, message))
  }
}
