/**
 * A definition whose broadcasts somebody watches.
 */
import type { Committee, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** Calls `see` before each broadcast of an instance. */
export const observed = <Params extends { readonly committee: Committee }, Input, Message, Output>(
  definition: ProtocolDefinition<Params, Input, Message, Output>,
  see: (self: PeerIndex, message: Message) => void,
): ProtocolDefinition<Params, Input, Message, Output> => ({
  ...definition,
  create: (params, effects) =>
    definition.create(params, {
      send: (to, message) => effects.send(to, message),
      broadcast: message => {
        see(params.committee.self, message)
        effects.broadcast(message)
      },
      output: output => effects.output(output),
      fault: fault => effects.fault(fault),
      scope: child => effects.scope(child),
    }),
})
