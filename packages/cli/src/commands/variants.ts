/**
 * `mc variants`: every part and every system there is, with what decides between them.
 */
import { Command } from 'commander'
import { catalogue, variantsPage, variantsText, variantText } from '../lab/variants-page.js'
import { CommandError, reporting } from '../terminal/failure.js'

interface VariantsFlags {
  readonly json?: true
  readonly markdown?: true
}

/** The command. */
export function variantsCommand(): Command {
  return new Command('variants')
    .description(
      'list the parts and systems there are: set-up, costs, deviations, what they were attacked with',
    )
    .argument('[name]', 'one of them, in full')
    .option('--json', 'print one JSON object')
    .option('--markdown', 'print the page of the documentation')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: VariantsFlags) =>
      reporting(flags.json, async () => run(name, flags)),
    )
}

const EXAMPLES = `
Examples:
  mc variants
  mc variants raba/quadratic
  mc variants --json
`

function run(name: string | undefined, { json, markdown }: VariantsFlags): void {
  process.stdout.write(name === undefined ? all(json, markdown) : one(name, json))
}

const all = (json: true | undefined, markdown: true | undefined): string =>
  json ? `${JSON.stringify(catalogue())}\n` : markdown ? variantsPage() : variantsText()

function one(name: string, json: true | undefined): string {
  const text = variantText(name)
  const { parts, presets } = catalogue()
  if (text === undefined) {
    const there = [...presets, ...parts].map(entry => entry.name).join(', ')
    throw new CommandError('usage/variant', `there is no "${name}"; there are ${there}`)
  }
  return json ? `${JSON.stringify([...presets, ...parts].find(entry => entry.name === name))}\n` : text
}
