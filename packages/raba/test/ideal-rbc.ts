/**
 * A broadcast as scripts need it: one message, and what the proposer sends is delivered. Whoever speaks for a Byzantine proposer
 * owes everybody the same payload, as a real broadcast would see to.
 */
import { bytes } from '@mc/protocol/wire'
import type { Rbc } from '@mc/rbc'

export const idealRbc: Rbc<Uint8Array> = {
  role: 'rbc',
  name: 'rbc/ideal',
  wireVersion: 1,
  parameters: { testOnly: true },
  parts: {},
  payloadBytesMax: 1,
  codec: () => bytes({ max: 1 }),
  create: ({ proposer }, effects) => {
    let delivered = false
    return {
      handleInput: payload => effects.broadcast(payload),
      handleMessage: (from, payload) => {
        if (from !== proposer || delivered) return
        delivered = true
        effects.output(payload)
      },
    }
  },
}
