import type { Acs, AcsParams, Subset } from '@mc/acs'
import { type Effects, type PeerIndex, type Protocol, peer } from '@mc/protocol'
import { bytes, union } from '@mc/protocol/wire'

/** `payload` is a proposal, `ping` asks an instance whether it is there, and `pong` is its answer. */
export type StubMessage =
  | { readonly type: 'payload'; readonly payload: Uint8Array }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }

export interface StubOptions {
  /** Whose payloads make the subset; all members but the last f by default. */
  readonly slots?: readonly number[]
  readonly payloadBytesMax?: number
  readonly onCreate?: (params: AcsParams) => void
}

/** A common subset for tests: the same members are always in, so there is nothing to agree on. */
export const stubAcs = ({ slots, payloadBytesMax = 64, onCreate }: StubOptions = {}): Acs<StubMessage> => ({
  role: 'acs',
  name: 'acs/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  payloadBytesMax,
  guaranteedSlots: ({ n, f }) => n - f,
  codec: () => union({ payload: { payload: bytes({ max: payloadBytesMax }) }, ping: {}, pong: {} }),
  create: (params, effects) => {
    onCreate?.(params)
    return new StubAcs(params, effects, slots)
  },
})

class StubAcs implements Protocol<Uint8Array, StubMessage> {
  readonly #effects: Effects<StubMessage, Subset>
  readonly #slots: readonly PeerIndex[]
  readonly #payloads = new Map<PeerIndex, Uint8Array>()
  #ended = false

  constructor(
    { committee: { n, f } }: AcsParams,
    effects: Effects<StubMessage, Subset>,
    slots: readonly number[] = Array.from({ length: n - f }, (_, index) => index),
  ) {
    this.#effects = effects
    this.#slots = slots.map(peer)
  }

  handleInput(payload: Uint8Array): void {
    this.#effects.broadcast({ type: 'payload', payload })
  }

  handleMessage(from: PeerIndex, message: StubMessage): void {
    if (message.type === 'ping') this.#effects.send(from, { type: 'pong' })
    if (message.type !== 'payload') return
    if (!this.#payloads.has(from)) this.#payloads.set(from, message.payload)
    if (this.#ended || !this.#slots.every(slot => this.#payloads.has(slot))) return
    this.#ended = true
    const subset = this.#slots.map(slot => [slot, this.#payloads.get(slot) as Uint8Array] as const)
    this.#effects.output(new Map(subset))
  }
}
