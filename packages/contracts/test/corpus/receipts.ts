/** What becomes of every program of the corpus: computed alike in any process. */
import { actionsOf, parseValue, type Sandbox, type SandboxOutcome } from '@mc/contracts'
import { hex, utf8 } from '@mc/protocol/wire'
import { HOSTILE } from './programs.js'

/** What became of one program. */
export interface CorpusReceipt {
  readonly name: string
  /** In words; of what was returned, whether it is actions. */
  readonly outcome: string
  readonly fuel: number
}

/** A view that answers everything with a short list. */
const oracle = (question: string): string => JSON.stringify([question.length])

/** Runs the whole corpus. */
export const runCorpus = (sandbox: Sandbox): readonly CorpusReceipt[] =>
  HOSTILE.map(({ name, source, fuel }) => {
    const outcome = sandbox.call({ source, entry: 'execute', input: '[{"a":1}]', fuel, oracle })
    return { name, outcome: wordsOf(outcome), fuel: outcome.fuel }
  })

/** One digest for all receipts. */
export const corpusDigest = (
  receipts: readonly CorpusReceipt[],
  sha256: (bytes: Uint8Array) => Uint8Array,
): string => hex(sha256(utf8(JSON.stringify(receipts))))

function wordsOf(outcome: SandboxOutcome): string {
  switch (outcome.status) {
    case 'exhausted':
      return `exhausted: ${outcome.resource}`
    case 'threw':
      return `threw: ${outcome.message}`
    case 'broken':
      return 'broken'
    case 'returned':
      return `returned: ${judged(outcome.text)}`
  }
}

function judged(text: string): string {
  const value = parseValue(text)
  if (value === undefined) return 'no value'
  const actions = actionsOf(value)
  return typeof actions === 'string' ? `no actions, ${actions}` : `${actions.length} actions`
}
