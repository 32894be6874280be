/**
 * How many deliveries per second the simulator itself manages, with a protocol that does next to nothing.
 *
 * Run from the root:
 * esbuild packages/sim/bench/deliveries.ts --bundle --platform=node --format=esm --conditions=@mc/source | node --input-type=module
 */
import type { Committee, ProtocolDefinition } from '@mc/protocol'
import { u8 } from '@mc/protocol/wire'
import { fifo, randomOrder, type Schedule, simulate, virtualTime } from '@mc/sim'

/** Everybody answers every message to all, `rounds` times per message of its own: many cheap deliveries. */
const chatter = (
  rounds: number,
): ProtocolDefinition<{ readonly committee: Committee }, number, number, number> => ({
  name: 'bench/chatter',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: () => u8(),
  create: ({ committee: { n } }, effects) => {
    let heard = 0
    let sent = 0
    return {
      handleInput: value => effects.broadcast(value),
      handleMessage(_, value) {
        heard += 1
        if (heard < n * (sent + 1) || sent === rounds) return
        sent += 1
        effects.broadcast(value)
      },
    }
  },
})

function measure(what: string, n: number, schedule: Schedule, encoded: boolean): void {
  const rates = Array.from({ length: 5 }, (_, seed) => {
    const start = performance.now()
    const run = simulate({
      seed,
      n,
      protocol: () => chatter(Math.ceil(500_000 / (n * (n - 1)))),
      inputs: index => index,
      schedule,
      encoded,
    })
    return run.cost.deliveries / ((performance.now() - start) / 1000)
  })
  const median = rates.sort((a, b) => a - b)[2] as number
  console.log(
    `${what.padEnd(24)} n=${String(n).padEnd(3)} ${Math.round(median).toLocaleString('en')} deliveries/s`,
  )
}

for (const n of [4, 7, 16]) {
  measure('random', n, randomOrder(), false)
  measure('random, encoded', n, randomOrder(), true)
  measure('fifo', n, fifo(), false)
  measure('virtual time', n, virtualTime({ latencyMs: [1, 100] }), false)
}
