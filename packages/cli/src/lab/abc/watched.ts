/**
 * An atomic broadcast under measurement: it is loaded, timed and compared, and keeps nothing of what it has delivered.
 */
import type { AtomicBroadcast, AtomicBroadcastInput, AtomicBroadcastOutput } from '@mc/abc'
import type { Effects, Epoch, PeerIndex, ProtocolDefinition } from '@mc/protocol'
import type { WorkClock } from './work.js'
import { workOf } from './work.js'

type Batch = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>

/** What is done to it. */
export interface Watch {
  readonly clock: WorkClock
  /** The payload that a member proposes for an epoch. */
  readonly payload: (self: PeerIndex, epoch: Epoch) => Uint8Array
  /** Takes a batch in whole, before it is forgotten. */
  readonly onBatch: (self: PeerIndex, batch: Batch) => void
}

type Definition = ProtocolDefinition<
  Parameters<AtomicBroadcast<unknown>['create']>[0],
  AtomicBroadcastInput,
  unknown,
  AtomicBroadcastOutput
>

/** The same broadcast. Inputs come without payloads and batches leave without them: a long run must not hold what it delivered. */
export const watched = (
  broadcast: AtomicBroadcast<unknown>,
  { clock, payload, onBatch }: Watch,
): Definition => ({
  ...broadcast,
  codec: size => {
    const codec = broadcast.codec(size)
    return {
      ...codec,
      encode: message => clock.time('codec', () => codec.encode(message)),
      decode: bytes => clock.time('codec', () => codec.decode(bytes)),
    }
  },
  create: (params, effects) => {
    const { self } = params.committee
    const own = broadcast.create(
      params,
      withoutPayloads(effects, batch => onBatch(self, batch)),
    )
    return {
      handleInput: input =>
        clock.time('broadcast', () =>
          own.handleInput(
            input.type === 'propose' ? { ...input, payload: payload(self, input.epoch) } : input,
          ),
        ),
      handleMessage: (from, message) => clock.time(workOf(message), () => own.handleMessage(from, message)),
    }
  },
})

const withoutPayloads = (
  effects: Effects<unknown, AtomicBroadcastOutput>,
  onBatch: (batch: Batch) => void,
): Effects<unknown, AtomicBroadcastOutput> => ({
  send: (to, message) => effects.send(to, message),
  broadcast: message => effects.broadcast(message),
  fault: fault => effects.fault(fault),
  scope: child => effects.scope(child),
  output: output => {
    if (output.type !== 'batch') return effects.output(output)
    onBatch(output)
    effects.output({ ...output, proposals: new Map() })
  },
})
