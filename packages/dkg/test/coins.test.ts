import type { CoinShareMessage } from '@mc/coin'
import { type DyxMessage, dyxAdkg, type GeneratedKey, type KeyGenerationInput } from '@mc/dkg'
import { runKeyGeneration } from '@mc/dkg/conformance'
import { type QuadraticMessage, quadraticAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { type Adversary, contentAware, type Run, type SimEvent, silent, twins } from '@mc/sim'
import { expect, test } from 'vitest'
import { fastGroup as group, sha256 } from './log.js'

type Message = DyxMessage<BrachaMessage, QuadraticMessage<CoinShareMessage>>

const rbc = brachaRbc({ sha256, payloadBytesMax: 10_000 })
const seeds = Number(process.env['MC_SEEDS'] ?? 4)

/** Half of the members get key sets late, so that some propose 1 and some 0, and everybody hears first who thinks as it does. */
const dividing = contentAware<KeyGenerationInput, Message>((event: SimEvent<KeyGenerationInput, Message>) => {
  if (event.type === 'input') return 5
  const { message, to } = event
  if (message.type === 'key-set' && message.proposer !== 0 && to % 2 === 1) return 0
  if (message.type === 'aba' && message.proposer === 0) return 4
  if (message.type === 'aba' && 'bit' in message.message) return message.message.bit === to % 2 ? 3 : 1
  return 2
})

/** A run under the dividing network; how often coins were asked. */
function run(seed: number, adversary: () => Adversary<KeyGenerationInput, Message>) {
  let flips = 0
  const generated: Run<KeyGenerationInput, Message, GeneratedKey> = runKeyGeneration<bigint, Message>({
    seed,
    n: 4,
    group,
    sha256,
    make: options =>
      dyxAdkg({
        ...options,
        rbc,
        aba: coin =>
          quadraticAba({
            coin: {
              ...coin,
              create(params, effects) {
                const flip = coin.create(params, effects)
                return {
                  handleInput(input) {
                    flips += 1
                    flip.handleInput(input)
                  },
                  handleMessage: (from, message) => flip.handleMessage(from, message),
                }
              },
            },
          }),
      }),
    adversary: { adversary },
    schedules: [() => dividing],
  })
  return { flips, violations: generated.violations }
}

test('where a network divides opinions, the coins that dealings give are flipped, and agree', () => {
  for (const adversary of [silent, () => twins<KeyGenerationInput>()]) {
    for (let seed = 0; seed < seeds; seed += 1) {
      const { flips, violations } = run(seed, adversary)
      expect(violations).toEqual([])
      expect(flips).toBeGreaterThan(0)
    }
  }
})
