/** Numbers of the organisation as a whole, changed by `parameter.set`. */
import { utf8 } from '@mc/protocol/wire'
import type { TopicsState } from '../state/topics-state.js'

/** The numbers that the machine itself reads, and what they are unless somebody has set them. */
export const PARAMETERS = {
  /** Seconds of L between membership boundaries, at least. */
  epochLength: 86_400,
  /** Seconds between blocks while a timer is pending, at most; at least 1. */
  heartbeat: 60,
  /** Seconds of publicity that a topic has at least after a freeze that was judged baseless. */
  resumeMin: 86_400,
  /** 1 if seats may send their time as operations. */
  clockOp: 0,
  /** Seats that the consensus must keep. */
  seatsMin: 1,
  /** 1 if vouches and evidence must speak for a candidate before it is proposed. */
  admissionEvidence: 0,
  /** 1 if freezes are judged under tags that nobody can tell whose they are. */
  anonymousEvaluation: 0,
  /** Membership epochs that a newcomer waits before it vouches. */
  newcomerEpochs: 0,
} as const

/** A number that the machine reads. */
export type ParameterName = keyof typeof PARAMETERS

/** The value of a number of the organisation. */
export const numberOf = ({ tables }: TopicsState, name: ParameterName): number =>
  tables.parameters.get(utf8(name))?.value ?? PARAMETERS[name]
