/**
 * What every codec of the package must do, whatever its messages.
 */
import { type Codec, DecodeError } from '@mc/protocol/wire'
import fc from 'fast-check'
import { expect } from 'vitest'

const seeded = { seed: 20_232, numRuns: Number(process.env['MC_SEEDS'] ?? 300) }

/** encode → decode → equal, and decode → encode → the same bytes. */
export function roundTrips<Message>(codec: Codec<Message>, message: fc.Arbitrary<Message>): void {
  fc.assert(
    fc.property(message, value => {
      expect(codec.decode(codec.encode(value))).toEqual(value)
    }),
    seeded,
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), bytes => {
      try {
        expect(codec.encode(codec.decode(bytes))).toEqual(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
      }
    }),
    seeded,
  )
}
