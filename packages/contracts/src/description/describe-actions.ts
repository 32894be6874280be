/** What actions do, in words: one line each, and below it, indented, what they bring later. */
import type { Action, Predicate } from '@mc/topics'
import { innerActions } from '../actions/capabilities.js'
import { conditionIn, type Language, PHRASES, sentenceIn } from './phrases.js'
import { visible } from './visible.js'

export type { Language } from './phrases.js'

/** The language that comes nearest to a BCP 47 tag: Chinese for Chinese, English for all others. */
export const languageOf = (tag: string): Language => (/^zh(-|$)/i.test(tag) ? 'zh' : 'en')

/** What actions do, line by line. */
export function describeActions(actions: readonly Action[], language: Language): string {
  if (actions.length === 0) return PHRASES[language].nothing
  return actions.flatMap(action => linesOf(action, language)).join('\n')
}

const UNTIL = { en: 'This ends when', zh: '终止条件：' } as const
const THEN = { en: 'Then:', zh: '届时：' } as const
const STOP = { en: '.', zh: '。' } as const

function linesOf(action: Action, language: Language): readonly string[] {
  const inner = innerActions(action).flatMap(one => linesOf(one, language).map(line => `  ${line}`))
  const condition = conditionOf(action)
  // Names and texts in it are somebody's: none of them may begin a line of its own.
  const sentence = visible(sentenceIn(PHRASES[language], action))
  if (condition === undefined) return [sentence, ...inner]
  const space = language === 'en' ? ' ' : ''
  const clause = visible(conditionIn(PHRASES[language], condition))
  const until = `  ${UNTIL[language]}${space}${clause}${STOP[language]}`
  return [sentence, until, ...(inner.length > 0 ? [`  ${THEN[language]}`, ...inner] : [])]
}

const conditionOf = (action: Action): Predicate | undefined =>
  'conversion' in action ? action.conversion : undefined

/** Lines of a contract's own description that are shown. */
const CONTRACT_LINES_MAX = 32

/** A contract, and below it, indented, what it says of itself. */
export function describeContract(type: Uint8Array, said: string | undefined, language: Language): string {
  const lines = (said ?? '').slice(0, 4_096).split('\n').slice(0, CONTRACT_LINES_MAX)
  const shown = said === undefined ? [] : lines.map(line => `  ${visible(line)}`)
  return [PHRASES[language].contract(type), ...shown].join('\n')
}
