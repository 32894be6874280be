/**
 * Runs one scenario and prints its figures:
 *
 *   node packages/node/test/processes/run.mjs kill --kills 100 --json
 *   node packages/node/test/processes/run.mjs flood --seconds 20
 *   node packages/node/test/processes/run.mjs away --epochs 500
 *   node packages/node/test/processes/run.mjs halves
 *   node packages/node/test/processes/run.mjs change --rounds 4
 *
 * The packages have to be built: node scripts/build.mjs
 */
import { parseArgs } from 'node:util'
import { away, change, flood, halves, kill } from './scenarios.mjs'

const scenarios = { away, change, flood, halves, kill }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string' },
    seconds: { type: 'string' },
    epochs: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [name = ''] = positionals
const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
if (scenario === undefined) {
  console.error(
    `usage: run.mjs ${Object.keys(scenarios).join('|')} [--kills N] [--seconds N] [--epochs N] [--rounds N] [--json]`,
  )
  process.exit(2)
}
const { json, ...numbers } = values
const options = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)]))
const began = performance.now()
const figures = {
  scenario: name,
  ...(await scenario(options)),
  seconds: Math.round((performance.now() - began) / 1_000),
}
console.log(json ? JSON.stringify(figures) : figures)
process.exit(figures.contradictions.length + figures.failures.length === 0 ? 0 : 1)
