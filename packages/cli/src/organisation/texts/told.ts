/** What went wrong, as people read it. */
import { languageHere } from '../language.js'
import { HINTS, OUTBOX_HINT } from './hints.js'
import { RULES_ZH } from './rules-zh.js'

/** What a failure says. */
export interface Told {
  readonly rule: string
  readonly message: string
  readonly kept?: true
}

/**
 * A failure in the language of this process. Rules are told in English by whoever finds them broken, with the numbers of the case;
 * in another language their meaning stands before that.
 */
export function sentenceHere({ rule, message }: Told): string {
  const meaning = languageHere() === 'zh' ? RULES_ZH[rule] : undefined
  return meaning === undefined ? message : `${meaning}（${message}）`
}

/** What can be done about a failure, in the language of this process; nothing if that depends. */
export function hintHere({ rule, kept }: Told): string | undefined {
  const language = languageHere()
  const hint = HINTS[rule]?.[language]
  const outbox = kept === true ? OUTBOX_HINT[language] : undefined
  const both = [hint, outbox].filter(one => one !== undefined)
  return both.length === 0 ? undefined : both.join('\n    ')
}
