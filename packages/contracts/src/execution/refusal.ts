/**
 * Why an execution fails: a kind for programs, words for people.
 *
 * - `stale`: the state is no longer what the author saw;
 * - `capability`: the program does what voters were not shown;
 * - `invalid`: an action means nothing in this state, or would break what always holds;
 * - `budget`: it costs more than its domain allows;
 * - `code`: the contract itself failed.
 */
export type RefusalKind = 'stale' | 'capability' | 'invalid' | 'budget' | 'code'

/** Why an execution fails, as `kind: words`; at most 256 characters, none of them a control character. */
export const refusal = (kind: RefusalKind, words: string): string =>
  [...`${kind}: ${words}`.replaceAll(/\p{Cc}/gu, ' ')].slice(0, 256).join('')
