/**
 * Parts under the test's control: they deliver and decide when they are told to, and show what they were told as messages.
 */
import type { Election, Gather, GatherMessage } from '@mc/acs'
import { nMinusF, type PeerIndex, peer } from '@mc/protocol'
import { bit, bytes, type Codec, nothing, u8, union } from '@mc/protocol/wire'
import type { Aba, Raba, RabaInput } from '@mc/raba'
import { BAD, type Rbc } from '@mc/rbc'

export type StubRbcMessage =
  /** Deliver this. */
  | { readonly type: 'deliver'; readonly payload: Uint8Array }
  /** Deliver BAD. */
  | { readonly type: 'spoil' }
  /** What was broadcast. */
  | { readonly type: 'given'; readonly payload: Uint8Array }

const payload = bytes({ max: 64 })

/** A broadcast that delivers whatever anybody tells it to. */
export const stubRbc = (): Rbc<StubRbcMessage> => ({
  role: 'rbc',
  name: 'rbc/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  payloadBytesMax: 64,
  codec: () => union({ deliver: { payload }, spoil: {}, given: { payload } }),
  create: (_, effects) => ({
    handleInput: given => effects.broadcast({ type: 'given', payload: given }),
    handleMessage: (_from, message) => {
      if (message.type === 'deliver') effects.output(message.payload)
      if (message.type === 'spoil') effects.output(BAD)
    },
  }),
})

export type StubRabaMessage =
  /** Decide this. */
  | { readonly type: 'decide'; readonly bit: 0 | 1 }
  /** The input that was given: 0 or 1 proposed, 2 for a reproposal. */
  | { readonly type: 'given'; readonly input: number }

/** An agreement that decides whatever anybody tells it to, and accepts the inputs that a `Raba` accepts. */
export const stubRaba = (): Raba<StubRabaMessage> => ({
  role: 'raba',
  name: 'raba/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => union({ decide: { bit }, given: { input: u8({ max: 2 }) } }),
  create: (_, effects) => {
    let given: number | undefined
    return {
      handleInput: (input: RabaInput) => {
        if (input.type === 'propose' ? given !== undefined : given !== 0) {
          throw new RangeError(`stub: ${input.type} after ${given}`)
        }
        given = input.type === 'propose' ? input.bit : 2
        effects.broadcast({ type: 'given', input: given })
      },
      handleMessage: (_from: PeerIndex, message: StubRabaMessage) => {
        if (message.type === 'decide') effects.output(message.bit)
      },
    }
  },
})

export type StubAbaMessage =
  /** Decide this. */
  | { readonly type: 'decide'; readonly bit: 0 | 1 }
  /** The bit that was proposed. */
  | { readonly type: 'given'; readonly bit: 0 | 1 }

/** An agreement that decides whatever anybody tells it to, and accepts the inputs that an `Aba` accepts. */
export const stubAba = (): Aba<StubAbaMessage> => ({
  role: 'aba',
  name: 'aba/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => union({ decide: { bit }, given: { bit } }),
  create: (_, effects) => {
    let given = false
    return {
      handleInput: input => {
        if (given) throw new RangeError('stub: a second propose')
        given = true
        effects.broadcast({ type: 'given', bit: input.bit })
      },
      handleMessage: (_from, message) => {
        if (message.type === 'decide') effects.output(message.bit)
      },
    }
  },
})

export type StubElectionMessage =
  /** Elect this member. */
  | { readonly type: 'elect'; readonly index: number }
  /** We were asked. */
  | { readonly type: 'asked' }

/** An election that elects whomever anybody tells it to. */
export const stubElection = (): Election<StubElectionMessage> => ({
  role: 'election',
  name: 'election/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => union({ elect: { index: u8() }, asked: {} }),
  create: (_, effects) => ({
    handleInput: () => effects.broadcast({ type: 'asked' }),
    handleMessage: (_from, message) => {
      if (message.type === 'elect') effects.output(peer(message.index))
    },
  }),
})

/** A gather that waits for n − f indices and exchanges nothing: its core is not even common. */
export const hastyGather = (): Gather => ({
  role: 'gather',
  name: 'gather/hasty',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => nothing as Codec<GatherMessage>,
  create: ({ committee }, effects) => {
    const counted: PeerIndex[] = []
    return {
      handleInput: index => {
        counted.push(index)
        if (counted.length === nMinusF(committee)) effects.output(counted)
      },
      handleMessage: () => {},
    }
  },
})
