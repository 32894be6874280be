import { type Committee, type Driven, drive, type Protocol, type ProtocolDefinition } from '@mc/protocol'

/** A real protocol instance: driven from outside, and open to a test's debug view. */
export interface Instance<Input, Message, Output> {
  readonly driven: Driven<Input, Message, Output>
  readonly protocol: Protocol<Input, Message>
}

/** Drives a protocol and keeps its object at hand. */
export function instantiate<Params extends { readonly committee: Committee }, Input, Message, Output>(
  definition: ProtocolDefinition<Params, Input, Message, Output>,
  params: Params,
): Instance<Input, Message, Output> {
  let created: Protocol<Input, Message> | undefined
  const driven = drive<Params, Input, Message, Output>(
    {
      name: definition.name,
      wireVersion: definition.wireVersion,
      parameters: definition.parameters,
      parts: definition.parts,
      codec: size => definition.codec(size),
      create: (given, effects) => {
        created = definition.create(given, effects)
        return created
      },
    },
    params,
  )
  return { driven, protocol: created as unknown as Protocol<Input, Message> }
}
