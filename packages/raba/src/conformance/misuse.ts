/**
 * What the caller may not do, and what a peer cannot bring about.
 */
import { type Bit, committee, type Driven, drive, peer } from '@mc/protocol'
import { DecodeError } from '@mc/protocol/wire'
import { type Random, seededRandom } from '@mc/sim'
import type { RabaInput } from '../raba.js'
import type { AgreementDefinition } from './run-scenario.js'

type Member<Message> = Driven<RabaInput, Message, Bit>

/** One thing that must not change anything, or must not throw. */
export interface MisuseLaw {
  readonly statement: string
  readonly check: <Message>(make: () => AgreementDefinition<Message>) => void
}

const member = <Message>(make: () => AgreementDefinition<Message>): Member<Message> =>
  drive(make(), { committee: committee({ n: 4, self: 0 }), domain: ['misuse'] })

const propose = (bit: Bit): RabaInput => ({ type: 'propose', bit })

function requireRangeError(body: () => void, statement: string): void {
  try {
    body()
  } catch (error) {
    if (error instanceof RangeError) return
    throw new Error(`law broken: ${statement}: threw ${String(error)} instead of a RangeError`)
  }
  throw new Error(`law broken: ${statement}: nothing was thrown`)
}

function refuses(statement: string, allowed: readonly RabaInput[], refused: RabaInput): MisuseLaw {
  return {
    statement,
    check: make => {
      const driven = member(make)
      for (const input of allowed) driven.input(input)
      requireRangeError(() => driven.input(refused), statement)
    },
  }
}

/** Whatever bytes the codec accepts, in whatever order, the handler returns; and what it accepts it writes alike. */
const total: MisuseLaw = {
  statement: 'any decodable message from any peer at any time returns normally, and has one encoding',
  check: make => {
    const codec = make().codec({ n: 4 })
    for (let seed = 0; seed < 200; seed += 1) {
      const random = seededRandom(seed).fork('garbage')
      const driven = member(make)
      for (let count = 0; count < 60; count += 1) {
        if (count === random.below(60)) tryPropose(driven, random)
        const bytes = random.bytes(1 + random.below(6)).map(byte => byte % (random.bit() === 1 ? 20 : 256))
        const message = decoded(codec, bytes)
        if (message === undefined) continue
        if (codec.encode(message).join() !== bytes.join())
          throw new Error(`law broken: two encodings, ${bytes}`)
        driven.message(peer(random.below(4)), message)
      }
    }
  },
}

function tryPropose<Message>(driven: Member<Message>, random: Random): void {
  try {
    driven.input(propose(random.bit()))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}

function decoded<Message>(
  codec: { decode(bytes: Uint8Array): Message },
  bytes: Uint8Array,
): Message | undefined {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** The misuse laws of every agreement. */
export const abaMisuse: readonly MisuseLaw[] = [
  refuses('a second propose throws a RangeError', [propose(0)], propose(0)),
  total,
]

/** The misuse laws of a reproposable one. */
export const rabaMisuse: readonly MisuseLaw[] = [
  ...abaMisuse,
  refuses('repropose before propose throws a RangeError', [], { type: 'repropose' }),
  refuses('repropose after propose(1) throws a RangeError', [propose(1)], { type: 'repropose' }),
  refuses('a second repropose throws a RangeError', [propose(0), { type: 'repropose' }], {
    type: 'repropose',
  }),
]
