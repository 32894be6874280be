/**
 * Puts the coin into quadratic agreement and runs the laws of agreement on it, in any shell: the suite needs no test runner.
 */
import { quadraticRaba } from '@mc/raba'
import { describeRaba } from '@mc/raba/conformance'
import { parityCoin, parityOf } from './parity-coin.js'

/** What was run and what held, one line for each law. */
export function lawReport({ seeds }: { readonly seeds: number }): string {
  const flips = Array.from({ length: 16 }, (_, round) => parityOf(['example', round]))
  const lines = [`The coin of rounds 0 to 15, which anybody can compute: ${flips.join(' ')}`, '']
  describeRaba('quadratic with a parity coin', () => quadraticRaba({ coin: parityCoin() }), {
    seeds,
    sizes: [4],
    orders: ['random'],
    describe: (name, body) => {
      lines.push(name)
      body()
    },
    test: (name, body) => {
      body()
      lines.push(`  holds: ${name}`)
    },
  })
  return `${lines.join('\n')}\n`
}
