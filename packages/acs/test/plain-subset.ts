/**
 * A subset that agrees on nothing: who is in, and when, is the test's choice. Stands in where the layer above is tested.
 */
import type { Acs, Subset } from '@mc/acs'
import { bytes, struct } from '@mc/protocol/wire'

/** A message that carries the subset that everybody shall output. */
export interface PlainMessage {
  readonly payload: Uint8Array
}

/** What a test holds in its hands. */
export interface PlainSubset extends Acs<PlainMessage> {
  /** What was proposed, by whoever created an instance, in order. */
  readonly proposed: Uint8Array[]
  /** Outputs a subset at the instance that was created last. */
  decide(subset: Subset): void
}

export function plainSubset(payloadBytesMax = 4_096): PlainSubset {
  const proposed: Uint8Array[] = []
  let output: ((subset: Subset) => void) | undefined
  return {
    role: 'acs',
    name: 'acs/plain',
    wireVersion: 1,
    parameters: { testOnly: true },
    parts: {},
    payloadBytesMax,
    guaranteedSlots: ({ n, f }) => n - f,
    codec: () => struct({ payload: bytes({ max: payloadBytesMax }) }),
    create: (_, effects) => {
      output = subset => effects.output(subset)
      return {
        handleInput: payload => {
          proposed.push(payload)
        },
        // Any message makes the runner settle what was decided.
        handleMessage: () => undefined,
      }
    },
    proposed,
    decide: subset => output?.(subset),
  }
}
