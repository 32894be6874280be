import type { PeerIndex } from '@mc/protocol'
import type { Adversary, Corruption } from '../adversary.js'
import type { SimEvent } from '../event.js'

/** What a puppet is told. */
export type PuppetCue<Input, Message> =
  /** A correct member has just sent this. */
  | { readonly type: 'sent'; readonly event: SimEvent<Input, Message> }
  /** A correct member is about to take this in. */
  | { readonly type: 'delivered'; readonly event: SimEvent<Input, Message> }
  /** A message for the puppet itself. */
  | { readonly type: 'message'; readonly from: PeerIndex; readonly message: Message }
  /** The input of the puppet itself. */
  | { readonly type: 'input'; readonly input: Input }
  /** Nothing is pending; whatever is sent now keeps the run going. */
  | { readonly type: 'idle' }

/** What moves a puppet. */
export type PuppetStrings<Input, Message> = (
  cue: PuppetCue<Input, Message>,
  world: Corruption<Input, Message>,
) => void

/** A function that sees every message of everybody and may send anything under its own identity. */
export const puppet = <Input, Message>(
  act: PuppetStrings<Input, Message>,
  name = 'puppet',
): Adversary<Input, Message> => ({
  name,
  corrupt: world => ({
    input: input => act({ type: 'input', input }, world),
    message: (from, message) => act({ type: 'message', from, message }, world),
    observe: ({ what, event }) => act({ type: what, event }, world),
    idle: () => act({ type: 'idle' }, world),
  }),
})
