import type { AcsParams, LinkableInput, LinkableOutput, LinkableSubset } from '@mc/acs'
import { type Effects, type PeerIndex, type Protocol, peer } from '@mc/protocol'
import { bytes, union } from '@mc/protocol/wire'

/** `payload` disperses, `ask` and `answer` retrieve. */
export type StubMessage =
  | { readonly type: 'payload'; readonly payload: Uint8Array }
  | { readonly type: 'ask'; readonly proposer: number }
  | { readonly type: 'answer'; readonly proposer: number; readonly payload: Uint8Array }

export interface StubLinkableOptions {
  /** Whose payloads make the subset of an epoch among n members; all but those of the last f by default. */
  readonly slots?: (epoch: number, n: number, f: number) => readonly number[]
}

const allButTheLast = (_: number, n: number, f: number): readonly number[] =>
  Array.from({ length: n - f }, (_, index) => index)

/** A subset of dispersals for tests: who is in is known beforehand, and a payload is complete once it is here. */
export const stubLinkable = ({
  slots = allButTheLast,
}: StubLinkableOptions = {}): LinkableSubset<StubMessage> => {
  const payload = bytes({ max: 600 })
  const proposer = bytes({ max: 1 })
  return {
    role: 'linkable-subset',
    name: 'acs/stub-linkable',
    wireVersion: 1,
    parameters: {},
    parts: {},
    payloadBytesMax: 600,
    guaranteedSlots: ({ n, f }) => n - f,
    codec: () => {
      const raw = union({ payload: { payload }, ask: { proposer }, answer: { proposer, payload } })
      const packed = (message: StubMessage) =>
        message.type === 'payload' ? message : { ...message, proposer: Uint8Array.of(message.proposer) }
      const unpacked = (message: ReturnType<typeof raw.decode>): StubMessage =>
        message.type === 'payload' ? message : { ...message, proposer: message.proposer[0] ?? 0 }
      return {
        encode: message => raw.encode(packed(message)),
        decode: given => unpacked(raw.decode(given)),
        write: (writer, message) => raw.write(writer, packed(message)),
        read: reader => unpacked(raw.read(reader)),
      }
    },
    create: (params, effects) => new StubLinkable(params, effects, slots),
  }
}

class StubLinkable implements Protocol<LinkableInput, StubMessage> {
  readonly #effects: Effects<StubMessage, LinkableOutput>
  readonly #slots: readonly PeerIndex[]
  readonly #payloads = new Map<number, Uint8Array>()
  readonly #wanted = new Set<number>()
  readonly #self: PeerIndex
  readonly #askers = new Map<number, PeerIndex[]>()
  #ended = false

  constructor(
    { committee: { n, f, self }, domain }: AcsParams,
    effects: Effects<StubMessage, LinkableOutput>,
    slots: NonNullable<StubLinkableOptions['slots']>,
  ) {
    this.#self = self
    this.#effects = effects
    this.#slots = slots(domain.at(-1) as number, n, f).map(peer)
  }

  handleInput(input: LinkableInput): void {
    if (input.type === 'propose') {
      this.#effects.broadcast({ type: 'payload', payload: input.payload })
      return
    }
    if (this.#wanted.has(input.proposer)) throw new RangeError('stub: fetched already')
    this.#wanted.add(input.proposer)
    this.#effects.broadcast({ type: 'ask', proposer: input.proposer })
  }

  handleMessage(from: PeerIndex, message: StubMessage): void {
    if (message.type === 'payload') this.#onPayload(from, message.payload)
    else if (message.type === 'ask') this.#onAsk(from, message.proposer)
    else if (this.#wanted.delete(message.proposer)) {
      const { proposer, payload } = message
      this.#effects.output({ type: 'fetched', proposer: proposer as PeerIndex, payload })
    }
  }

  #onPayload(from: PeerIndex, payload: Uint8Array): void {
    if (this.#payloads.has(from)) return
    this.#payloads.set(from, payload)
    this.#effects.output({ type: 'complete', proposer: from })
    for (const asker of this.#askers.get(from) ?? []) this.#onAsk(asker, from)
    if (this.#ended || !this.#slots.every(slot => this.#payloads.has(slot))) return
    this.#ended = true
    const subset = new Map(this.#slots.map(slot => [slot, this.#payloads.get(slot) as Uint8Array]))
    this.#effects.output({ type: 'subset', subset })
  }

  #onAsk(from: PeerIndex, proposer: number): void {
    // Only others answer, so that nothing is here before a test says so.
    if (from === this.#self) return
    const payload = this.#payloads.get(proposer)
    if (payload === undefined) this.#askers.set(proposer, [...(this.#askers.get(proposer) ?? []), from])
    else this.#effects.send(from, { type: 'answer', proposer, payload })
  }
}
