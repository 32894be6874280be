/**
 * The name of the rules that members share: who runs another state machine, or another version of it, comes to other states.
 */
import type { Ledger } from '@mc/ledger'
import { utf8 } from '@mc/protocol/wire'
import { RULES_NAME_BYTES_MAX } from './peer-messages.js'

/** Name and version of a ledger's machine, as nodes greet with them. A name that is too long is cut. */
export function rulesOf({ machine: { name, version } }: Pick<Ledger<unknown>, 'machine'>): string {
  const full = `${name} ${version}`
  return utf8(full).length <= RULES_NAME_BYTES_MAX ? full : full.slice(-Math.floor(RULES_NAME_BYTES_MAX / 4))
}

/** What is wrong with who greets with other rules. */
export const otherRules = (
  theirs: string,
  ours: string,
): { readonly rule: 'node/other-rules'; readonly detail: string } => ({
  rule: 'node/other-rules',
  detail: `it runs the rules "${theirs}", we run "${ours}": both must run the same`,
})
