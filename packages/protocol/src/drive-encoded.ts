/**
 * `drive` with the wire format around it: bytes in, bytes out. Undecodable bytes are a fault of whoever sent them.
 */
import type { Committee } from './committee.js'
import { type Driven, drive, type Outgoing, type Step } from './drive.js'
import type { PeerIndex } from './ids.js'
import type { ProtocolDefinition } from './protocol.js'
import { DecodeError } from './wire/reader.js'

/** A protocol instance that speaks bytes. */
export type DrivenEncoded<Input, Output> = Driven<Input, Uint8Array, Output>

/**
 * Creates an instance of `definition` and drives it through its codec.
 *
 * Faults reported: `wire/undecodable` for bytes that the codec refuses.
 */
export function driveEncoded<Params extends { readonly committee: Committee }, Input, Message, Output>(
  definition: ProtocolDefinition<Params, Input, Message, Output>,
  params: Params,
): DrivenEncoded<Input, Output> {
  const codec = definition.codec(params.committee)
  const driven = drive(definition, params)
  const encoded = (step: Step<Message, Output>): Step<Uint8Array, Output> => ({
    messages: step.messages.map(
      ({ to, message }): Outgoing<Uint8Array> => ({ to, message: codec.encode(message) }),
    ),
    outputs: step.outputs,
    faults: step.faults,
  })
  return {
    input: input => encoded(driven.input(input)),
    message: (from, bytes) => {
      let message: Message
      try {
        message = codec.decode(bytes)
      } catch (error) {
        return undecodable(from, error)
      }
      return encoded(driven.message(from, message))
    },
  }
}

function undecodable(peer: PeerIndex, error: unknown): Step<never, never> {
  if (!(error instanceof DecodeError)) throw error
  return { messages: [], outputs: [], faults: [{ rule: 'wire/undecodable', peer, detail: error.message }] }
}
