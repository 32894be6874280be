/**
 * Who proposes what.
 */
import type { Bit } from '@mc/protocol'
import { seededRandom } from '@mc/sim'

/** The patterns by name, and what they mean. `one` and `fplus1` count correct members. */
export const INPUTS = {
  all0: 'all propose 0',
  all1: 'all propose 1',
  mixed: 'every member proposes a random bit',
  one: 'one correct member proposes 1, all others 0',
  fplus1: 'f + 1 correct members propose 1, all others 0',
} as const

/** The name of a pattern. */
export type InputPattern = keyof typeof INPUTS

/** The cast of one run: the same for every variant, as it follows from the seed and the size alone. */
export interface Cast {
  readonly n: number
  readonly f: number
  /** Whom the adversary holds, if it holds anybody. */
  readonly byzantine: readonly number[]
  readonly proposals: readonly Bit[]
}

/** Draws the cast of a seed. */
export function castOf(seed: number, n: number, inputs: InputPattern): Cast {
  const random = seededRandom(`cast ${seed} ${n}`)
  const f = Math.floor((n - 1) / 3)
  const members = random.shuffle(Array.from({ length: n }, (_, index) => index))
  const ones = { all0: 0, all1: n, one: 1, fplus1: f + 1, mixed: undefined }[inputs]
  const proposals = new Array<Bit>(n).fill(0)
  members.forEach((member, at) => {
    const rank = inputs === 'all1' ? at : at - f
    proposals[member] = ones === undefined ? random.bit() : rank >= 0 && rank < ones ? 1 : 0
  })
  return { n, f, byzantine: members.slice(0, f), proposals }
}

/** Whether members that proposed 0 come back with 1 later: once a correct one proposed 1, as the contract of a RABA asks. */
export const reproposes = ({ proposals, byzantine }: Cast, faulty: boolean): boolean =>
  proposals.some((bit, member) => bit === 1 && !(faulty && byzantine.includes(member)))
