import { agreement, equivocator, noFaultsAgainstCorrect, silent, simulate, validity } from '@mc/sim'
import { test } from 'vitest'
import { brachaToy } from './echo-broadcast.js'

test('types are inferred without a generic written by the user', () => {
  simulate({
    seed: 1,
    n: 7,
    protocol: () => brachaToy(),
    inputs: index => (index === 0 ? 7 : undefined),
    schedule: event => (event.type === 'message' ? event.message.value : event.input),
    byzantine: {
      5: (cue, world) => {
        if (cue.type === 'message' && cue.message.type === 'echo')
          world.send('all', { type: 'ready', value: 3 })
      },
      6: equivocator({ otherInput: (value: number) => value + 1 }),
    },
    onOutput: ({ output, give }) => {
      if (output > 300) give(output + 1)
    },
    invariants: [
      agreement(),
      validity((output, state) => output === 7 || !state.isCorrect(0)),
      noFaultsAgainstCorrect(),
    ],
  })
  simulate({
    seed: 1,
    n: 4,
    protocol: ({ random }) => (random.bit() === 1 ? brachaToy() : brachaToy()),
    inputs: index => (index === 0 ? 7 : undefined),
    schedule: event => (event.type === 'message' ? event.message.value : event.input),
    byzantine: {
      3: silent(),
    },
    invariants: [agreement()],
  })
})
