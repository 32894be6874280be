/**
 * What the messages of all sequences of epochs over common subsets have in common, whichever parts they are made of.
 */

/** A word of the broadcast or of the agreement about one proposer's payload in one epoch. */
export interface SubsetPart {
  readonly epoch: number
  readonly proposer: number
  readonly part: 'rbc' | 'raba'
  /** Votes of an agreement have a round; what proposes or asserts 1 at once counts as round 0. */
  readonly round: number | undefined
  /** What is voted for. */
  readonly value: unknown
}

interface Shape {
  readonly epoch?: number
  readonly message?: {
    readonly type?: string
    readonly proposer?: number
    readonly message?: {
      readonly type?: string
      readonly round?: number
      readonly bit?: unknown
      readonly value?: unknown
    }
  }
}

/** What a message says about a proposer; undefined if it is about something else. */
export function subsetPart(message: unknown): SubsetPart | undefined {
  const { epoch, message: subset } = message as Shape
  if (epoch === undefined || subset?.proposer === undefined) return undefined
  const { proposer, message: inner } = subset
  if (subset.type !== 'raba') return { epoch, proposer, part: 'rbc', round: undefined, value: undefined }
  const round = inner?.round ?? (inner?.type === 'fast' ? 0 : undefined)
  return { epoch, proposer, part: 'raba', round, value: inner?.bit ?? inner?.value }
}
