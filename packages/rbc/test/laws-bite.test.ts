import { nodeCrypto } from '@mc/crypto/node'
import type { Effects } from '@mc/protocol'
import { BAD, type BrachaMessage, brachaRbc, type Delivery, type Rbc } from '@mc/rbc'
import { describeRbc } from '@mc/rbc/conformance'
import { expect, test } from 'vitest'
import { brachaAttacks } from './bracha-attacks.js'

const sound = brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 64 })

/** What the suite says of a broadcast: the first line of every failure. */
function complaints(rbc: Rbc<BrachaMessage>): string[] {
  const found: string[] = []
  const run = (body: () => void): void => {
    try {
      body()
    } catch (error) {
      found.push(String(error).split('\n')[0] as string)
    }
  }
  describeRbc('broken', () => rbc, {
    describe: (_, body) => body(),
    test: (_, body) => run(body),
    attacks: brachaAttacks(),
    seeds: 1,
  })
  return found
}

/** The sound broadcast, with something done to what it takes in or to what it does. */
const broken = (
  tamper: (effects: Effects<BrachaMessage, Delivery>) => Partial<Effects<BrachaMessage, Delivery>>,
  ignores: (message: BrachaMessage) => boolean = () => false,
): Rbc<BrachaMessage> => ({
  ...sound,
  create: (params, effects) => {
    const tampered = tamper(effects)
    const protocol = sound.create(params, {
      send: (to, message) => effects.send(to, message),
      broadcast: message => effects.broadcast(message),
      output: output => effects.output(output),
      fault: fault => effects.fault(fault),
      scope: child => effects.scope(child),
      ...tampered,
    })
    return {
      handleInput: payload => protocol.handleInput(payload),
      handleMessage: (from, message) => {
        if (!ignores(message)) protocol.handleMessage(from, message)
      },
    }
  },
})

test('a sound broadcast passes', () => {
  expect(complaints(sound)).toEqual([])
})

test.each([
  [
    'integrity: delivers twice',
    /integrity/,
    broken(effects => ({
      output: output => {
        effects.output(output)
        effects.output(output)
      },
    })),
  ],
  [
    'validity: delivers BAD for everything',
    /validity/,
    broken(effects => ({ output: () => effects.output(BAD) })),
  ],
  [
    'termination: never says READY',
    /termination/,
    broken(effects => ({
      broadcast: message => {
        if (message.type !== 'ready') effects.broadcast(message)
      },
    })),
  ],
  [
    'validity: does not take in ECHOs',
    /termination/,
    broken(
      () => ({}),
      message => message.type === 'echo',
    ),
  ],
  [
    'blames whoever sends',
    /no-faults-against-correct/,
    broken(effects => ({
      output: output => {
        effects.fault({ rule: 'rbc/some-deed', detail: 'made up' })
        effects.output(output)
      },
    })),
  ],
] as const)('the laws catch a broadcast that breaks %s', (_, law, rbc) => {
  expect(complaints(rbc).join('\n')).toMatch(law)
})

/** Delivers what it is sent: no ECHO, no READY, so everybody believes the proposer. */
const gullible: Rbc<BrachaMessage> = {
  ...sound,
  create: ({ proposer, committee }, effects) => {
    let delivered = false
    return {
      handleInput: payload => {
        if (committee.self !== proposer || payload.length > 64) throw new RangeError('misuse')
        effects.broadcast({ type: 'send', payload })
      },
      handleMessage: (from, message) => {
        if (from !== proposer || message.type !== 'send' || delivered) return
        delivered = true
        effects.output(message.payload)
      },
    }
  },
}

test('the laws catch a broadcast that breaks agreement, totality and misuse: it believes the proposer', () => {
  const found = complaints(gullible).join('\n')
  expect(found).toMatch(/agreement: /)
  expect(found).toMatch(/totality: /)
  expect(found).toMatch(/a second input was accepted/)
})
