/**
 * Every check of the repository, one after the other; a failing one does not stop the next.
 *
 *   node scripts/check.mjs            all
 *   node scripts/check.mjs layers     those named
 */
import { isMain, run, runScript } from './shell.mjs'

/** The checks by name, cheapest failures first. */
export const checks = {
  types: options => run('tsc', ['-b', '--pretty', 'false'], options),
  style: options => run('biome', ['ci', '--colors=off', '.'], options),
  layers: options => runScript('check-layers.mjs', [], options),
  docs: options => runScript('check-docs.mjs', [], options),
  packages: options => runScript('check-packages.mjs', [], options),
}

/** One line of the closing table. */
export const row = ({ name, code, seconds }) =>
  `  ${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)}  ${seconds.toFixed(1).padStart(7)} s`

/** Runs the named checks, each to its end, and shows what each says. */
export async function runChecks(names = Object.keys(checks)) {
  const results = []
  for (const name of names) {
    process.stdout.write(`check:${name} …\n`)
    const result = await checks[name]({ quiet: true })
    const said = result.output.trim()
    if (said !== '') process.stdout.write(`${said}\n`)
    results.push({ name, ...result })
  }
  return results
}

if (isMain(import.meta.url)) {
  const unknown = process.argv.slice(2).filter(name => !(name in checks))
  if (unknown.length > 0) {
    console.error(`No such check: ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}.`)
    process.exit(2)
  }
  const results = await runChecks(process.argv.length > 2 ? process.argv.slice(2) : undefined)
  console.log(`\n${results.map(row).join('\n')}`)
  const failed = results.filter(({ code }) => code !== 0)
  if (failed.length > 0) console.log(`\n${failed.length} of ${results.length} checks failed.`)
  process.exit(failed.length > 0 ? 1 : 0)
}
