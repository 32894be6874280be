/** Small protocols made of two functions, to look at the kernel with. */
import type { Committee, Effects, Protocol, ProtocolDefinition } from '@mc/protocol'
import { committee } from '@mc/protocol'
import { type Codec, text } from '@mc/protocol/wire'

/** What a test needs to create an instance: nothing but a committee of four. */
export const FOUR: { readonly committee: Committee } = { committee: committee({ n: 4, self: 1 }) }

/** The wire format of all protocols here. */
export const words: Codec<string> = text({ bytesMax: 64 })

/** A definition around `create`; inputs, messages and outputs are words. */
export const spoken = (
  create: (effects: Effects<string, string>) => Protocol<string, string>,
): ProtocolDefinition<typeof FOUR, string, string, string> => ({
  name: 'test/spoken',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => words,
  create: (_, effects) => create(effects),
})
