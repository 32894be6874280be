/**
 * A comparison of agreements in a few lines for a terminal.
 */
import { join } from 'node:path'
import { printable } from '../../terminal/printable.js'
import { aligned } from '../report/aligned.js'
import { figure } from '../report/report.js'
import type { AbaResult, AbaRow } from './aba-bench.js'
import { goodRows } from './aba-figures.js'

/** Rounds and messages by variant, size and adversary, for the inputs that tell most; and where the rest is. */
export function abaSummary({ rows, failures, resumed, isComplete }: AbaResult, out: string): string {
  const good = goodRows(rows).filter(({ cell }) => cell.network === (rows[0] as AbaRow).cell.network)
  const inputs = good.some(({ cell }) => cell.inputs === 'mixed') ? 'mixed' : good[0]?.cell.inputs
  const shown = good.filter(({ cell }) => cell.inputs === inputs)
  const adversaries = [...new Set(shown.map(({ cell }) => cell.adversary))]
  const head = ['variant', 'n', 'messages', ...adversaries.map(name => `rounds: ${name}`)]
  const keys = [...new Set(shown.map(({ cell }) => `${cell.variant} ${cell.n}`))]
  const lines = keys.map(key => {
    const own = shown.filter(({ cell }) => `${cell.variant} ${cell.n}` === key)
    const calm = own.find(({ cell }) => cell.adversary === 'none')
    const rounds = adversaries.map(name => {
      const found = own.find(({ cell }) => cell.adversary === name)?.figures.rounds
      return found === undefined ? '–' : `${found.mean.toFixed(2)} (${found.max})`
    })
    return [...key.split(' '), figure(calm?.figures.messages.mean), ...rounds]
  })
  const told = failures
    .slice(0, 12)
    .map(({ key, failure, figures }) => `FAILED ${key}: ${failure ?? figures?.violations.join('; ')}`)
  return [
    ...(lines.length === 0
      ? []
      : [
          `${inputs} inputs: mean messages with all correct, and rounds, mean (most)`,
          ...aligned([head, ...lines]),
        ]),
    ...told.map(printable),
    `${rows.length} cells${resumed > 0 ? `, ${resumed} of them from before` : ''}${isComplete ? '' : ', not all: interrupted'}; report: ${join(out, 'report.html')}`,
    '',
  ].join('\n')
}
