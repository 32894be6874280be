import { epoch, peer } from '@mc/protocol'
import { seededRandom } from '@mc/sim'
import { describe, expect, test, vi } from 'vitest'
import { simCommand } from '../src/commands/sim.js'
import { fastHash } from '../src/sim/fast-hash.js'
import { Laws } from '../src/sim/laws.js'
import { runSeed } from '../src/sim/run-seed.js'
import { FAULT_KINDS, type SeedSetting, scenarioOf } from '../src/sim/scenario.js'
import { commandOf, type SweepOptions, sweep } from '../src/sim/sweep.js'
import { type MakeSuite, SUITES } from '../src/suites.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 12)

const setting = (seed: number, changes: Partial<SeedSetting> = {}): SeedSetting => ({
  preset: 'waterbear-qs-q',
  seed,
  n: 4,
  epochs: 5,
  faults: FAULT_KINDS,
  ...changes,
})

const options = (changes: Partial<SweepOptions> = {}): SweepOptions => ({
  preset: 'waterbear-qs-q',
  seeds,
  firstSeed: 0,
  epochs: 5,
  sizes: [4],
  faults: FAULT_KINDS,
  jobs: 0,
  verifyDeterminism: false,
  onProgress: () => {},
  ...changes,
})

describe('a sweep', () => {
  test('breaks no law under all faults, and injects them', async () => {
    const result = await sweep(options({ sizes: [4, 7], mix: [75, 25] }))
    expect(result.violations).toEqual([])
    expect(result.n['4']?.seeds).toBe(Math.round(seeds * 0.75))
    expect(result.injected).toMatchObject({ lost: expect.any(Number), restart: expect.any(Number) })
    expect(result.deliveries).toBeGreaterThan(1_000 * seeds)
  })

  test('runs one percent of the seeds twice when asked, and they come out alike', async () => {
    const result = await sweep(options({ seeds: 2, epochs: 2, verifyDeterminism: true }))
    expect(result.determinism).toEqual({ seeds: 1, different: 0 })
  })

  test('tells how far it is after every seed', async () => {
    const progress: number[] = []
    await sweep(options({ seeds: 3, epochs: 1, onProgress: ({ done }) => progress.push(done) }))
    expect(progress).toEqual([1, 2, 3])
  })
})

describe('a seed', () => {
  test('determines its run, and another seed is another run', () => {
    const hashOf = (seed: number) => runSeed(setting(seed)).traceHash
    expect(hashOf(7)).toBe(hashOf(7))
    expect(hashOf(7)).not.toBe(hashOf(8))
  })

  test('does not depend on which other sizes and seeds are run', async () => {
    expect(commandOf(setting(3))).toBe(
      'mc sim --preset waterbear-qs-q --n 4 --epochs 5 --faults all --seed 3',
    )
    expect(commandOf(setting(3, { faults: ['crash', 'loss'] }))).toContain('--faults crash,loss')
  })

  test('injects only what it may', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { byzantine, crashes, links } = scenarioOf(setting(seed, { faults: ['crash'] }))
      expect([byzantine, links]).toEqual([{}, undefined])
      expect(scenarioOf(setting(seed, { faults: ['byzantine'] })).crashes).toBeUndefined()
      if (crashes !== undefined) expect(crashes.max).toBeGreaterThan(0)
    }
  })

  test('has at most f Byzantine members, and a correct one that proposes by itself', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const { byzantine, eager, f, n } = scenarioOf(setting(seed, { n: 7 }))
      expect(Object.keys(byzantine).length).toBeLessThanOrEqual(f)
      expect([...eager].some(index => index < n && byzantine[index] === undefined)).toBe(true)
    }
  })

  test('meets every adversary, schedule and hash among a few hundred', () => {
    const all = Array.from({ length: 400 }, (_, seed) => scenarioOf(setting(seed, { n: 7 })))
    const adversaries = new Set(all.flatMap(({ byzantine }) => Object.values(byzantine).map(nameOf)))
    expect([...adversaries].sort()).toEqual([
      'equivocator',
      'garbler',
      'latecomer',
      'liar',
      'mutator',
      'replayer',
      'silent',
      'twins',
      'withholder',
    ])
    const schedules = new Set(all.map(({ schedule }) => nameOf(schedule)))
    expect([...schedules].sort()).toEqual([
      'broadcasts-last',
      'delay',
      'fifo',
      'lifo',
      'lowest-proposer-last',
      'newest-epoch-first',
      'ones-first',
      'partition',
      'random',
      'starve',
      'virtual',
      'zeros-first',
    ])
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(2)
  })
})

const nameOf = ({ name }: { readonly name: string }): string => name.replace(/\(.*/, '')

describe('planted mistakes are found', () => {
  const [found, nothingPlanted] = [lawBrokenBy, (make: MakeSuite) => make]

  test('no mistake, no violation', () => {
    expect(found(nothingPlanted)).toBeUndefined()
  })

  test('a member that gives a batch twice leaves the order', () => {
    const law = found(
      planted((give, output) => (output.type === 'batch' ? [give, give] : [give]).map(g => g(output))),
    )
    expect(law).toMatch(/^atomic-broadcast: no-gap/)
  })

  test('a member that leaves a proposal out does not agree', () => {
    const law = found(
      planted((give, output, self) => {
        if (output.type !== 'batch' || self !== 0) return give(output)
        give({ ...output, proposals: new Map([...output.proposals].slice(0, -1)) })
      }),
    )
    expect(law).toMatch(/^atomic-broadcast: (agreement|slots)/)
  })

  test('a batch that all cut below the guaranteed size is too small', () => {
    const law = found(
      planted((give, output) => {
        if (output.type !== 'batch') return give(output)
        give({ ...output, proposals: new Map([...output.proposals].slice(0, 1)) })
      }),
    )
    expect(law).toMatch(/^atomic-broadcast: slots/)
  })

  test('a payload that is not what its proposer gave breaks integrity', () => {
    const law = found(
      planted((give, output) => {
        if (output.type !== 'batch') return give(output)
        give({
          ...output,
          proposals: new Map([...output.proposals].map(([p, bytes]) => [p, bytes.slice(1)])),
        })
      }),
    )
    expect(law).toMatch(/^atomic-broadcast: integrity/)
  })

  test('a member that never says again what a link has lost ends the progress', () => {
    expect(found(deafTo('connected'), { faults: ['loss'] })).toMatch(/^atomic-broadcast: liveness/)
  })

  test('a member that says after a restart what no log holds contradicts itself', () => {
    const random = seededRandom('no log')
    const fickle = (make: MakeSuite): MakeSuite =>
      withCreate(make, create => (params, effects) => {
        const broadcast: typeof effects.broadcast = message => {
          for (let times = random.below(2); times >= 0; times -= 1) effects.broadcast(message)
        }
        return create(params, { ...bound(effects), broadcast })
      })
    expect(found(fickle, { faults: ['crash'] })).toMatch(/^no-contradiction/)
  })

  test('a member that never lets go of an epoch outgrows its bounds', () => {
    const law = found(
      planted((give, output) => output.type === 'retired' || give(output)),
      { epochs: 12 },
    )
    expect(law).toMatch(/^atomic-broadcast: bounded-memory/)
  })

  test('a system that cannot even be built is reported, not thrown', () => {
    const broken = (): MakeSuite => () => {
      throw new RangeError('planted')
    }
    expect(() => found(broken)).toThrow('planted')
    const late = (make: MakeSuite): MakeSuite =>
      withCreate(make, () => () => broken()(undefined as never) as never)
    expect(found(late)).toMatch(/^runs-through: RangeError: planted/)
  })

  test('a member that throws, whatever it was sent, is not total', () => {
    const law = found(make =>
      withCreate(make, create => (params, effects) => {
        const real = create(params, effects)
        const handleMessage: typeof real.handleMessage = (from, message) => {
          if (params.committee.self === 1 && from === 2) throw new Error('planted')
          real.handleMessage(from, message)
        }
        return { handleInput: input => real.handleInput(input), handleMessage }
      }),
    )
    expect(law).toMatch(/^handlers-are-total/)
  })
})

type Broadcast = ReturnType<MakeSuite>['atomicBroadcast']
type Create = Broadcast['create']
type Output = Parameters<Parameters<Create>[1]['output']>[0]

/** The first law that a system with a mistake breaks within a few seeds. */
function lawBrokenBy(
  mistake: (make: MakeSuite) => MakeSuite,
  changes: Partial<SeedSetting> = {},
  count = 20,
): string | undefined {
  const make = mistake(SUITES['waterbear-qs-q'] as MakeSuite)
  for (let seed = 0; seed < count; seed += 1) {
    const [violation] = runSeed(setting(seed, { epochs: 3, ...changes }), { make }).violations
    if (violation !== undefined) return `${violation.law}: ${violation.detail}`
  }
  return undefined
}

/** A system whose outputs pass through a mistake. */
const planted =
  (mistake: (give: (output: Output) => void, output: Output, self: number) => unknown) =>
  (make: MakeSuite): MakeSuite =>
    withCreate(make, create => (params, effects) => {
      const output = (given: Output): void =>
        void mistake(o => effects.output(o), given, params.committee.self)
      return create(params, { ...bound(effects), output })
    })

/** A system that ignores inputs of one kind. */
const deafTo =
  (type: string) =>
  (make: MakeSuite): MakeSuite =>
    withCreate(make, create => (params, effects) => {
      const real = create(params, effects)
      return {
        handleInput: input => (input.type === type ? undefined : real.handleInput(input)),
        handleMessage: (from, message) => real.handleMessage(from, message),
      }
    })

const withCreate =
  (make: MakeSuite, change: (create: Create) => Create): MakeSuite =>
  parts => {
    const suite = make(parts)
    const { atomicBroadcast } = suite
    const create: Create = (params, effects) => atomicBroadcast.create(params, effects)
    return {
      ...suite,
      atomicBroadcast: { ...atomicBroadcast, create: change(create) },
      guaranteedSlots: s => suite.guaranteedSlots(s),
    }
  }

const bound = (effects: Parameters<Create>[1]): Parameters<Create>[1] => ({
  send: (to, message) => effects.send(to, message),
  broadcast: message => effects.broadcast(message),
  output: output => effects.output(output),
  fault: fault => effects.fault(fault),
  scope: child => effects.scope(child),
})

describe('laws of the ordered log', () => {
  const two = peer(2)
  const batch = (at: number): Output => ({ type: 'batch', epoch: epoch(at), proposals: new Map() })

  /** What is wrong after members 1 and 2 gave these operations for epochs 0, 1, …, as if in one run. */
  function wrongWith(...orders: readonly (readonly string[])[]): string | undefined {
    const given = orders.values()
    const workload = {
      over: () => 0,
      mayFinish: () => true,
      payload: () => undefined,
      ordered: () => given.next().value ?? [],
    }
    const laws = new Laws({ workload, slots: 0, n: 4, epochs: 2, instancesMax: 9 })
    const watch = laws.invariant().begin({ isCorrect: () => true } as never)
    const results = orders.map((_, at) => watch.output?.(at % 2 === 0 ? peer(1) : two, batch(at >> 1), 0))
    return results.find(result => result !== undefined)
  }

  test('two members order an epoch alike', () => {
    expect(wrongWith(['a', 'b'], ['a', 'b'])).toBeUndefined()
    expect(wrongWith(['a', 'b'], ['b', 'a'])).toMatch(/^total-order: member 2/)
  })

  test('no operation is ordered twice, in one epoch or in two', () => {
    expect(wrongWith(['a'], ['a'], ['b'], ['b'])).toBeUndefined()
    expect(wrongWith(['a'], ['a'], ['a'], ['a'])).toMatch(/^exactly-once/)
    expect(wrongWith(['a', 'a'])).toMatch(/^exactly-once/)
  })
})

describe('the fast hash', () => {
  const bytes = seededRandom('bytes').bytes(100)

  test('depends on the bytes, not on how they are cut into parts', () => {
    expect(fastHash(bytes.subarray(0, 33), bytes.subarray(33))).toEqual(fastHash(bytes))
    expect(fastHash(bytes.subarray(0, 1), new Uint8Array(), bytes.subarray(1))).toEqual(fastHash(bytes))
    expect(fastHash(bytes)).toHaveLength(32)
  })

  test('differs where zeros are added', () => {
    const digests = Array.from({ length: 40 }, (_, length) => fastHash(new Uint8Array(length)).join())
    expect(new Set(digests).size).toBe(40)
  })

  test('differs where one bit differs', () => {
    const digests = new Set([fastHash(bytes).join()])
    for (let bit = 0; bit < 800; bit += 1) {
      const changed = bytes.slice()
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      digests.add(fastHash(changed).join())
    }
    expect(digests.size).toBe(801)
  })
})

describe('mc sim', () => {
  async function output(...args: string[]): Promise<string> {
    const written: string[] = []
    const spies = [process.stdout, process.stderr].map((stream, at) =>
      vi.spyOn(stream, 'write').mockImplementation(text => at > 0 || written.push(String(text)) > 0),
    )
    try {
      await simCommand().exitOverride().parseAsync(args, { from: 'user' })
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    return written.join('')
  }

  test('--json prints one object with everything that was asked of it', async () => {
    const text = await output('--seeds', '2', '--epochs', '2', '--n', '4', '--jobs', '0', '--json')
    expect(JSON.parse(text)).toMatchObject({ preset: 'waterbear-qs-q', seeds: 2, epochs: 2, violations: [] })
  })

  test('without --json it prints a report', async () => {
    expect(await output('--seeds', '1', '--epochs', '1', '--n', '4', '--jobs', '0')).toMatch(
      /violations +none/,
    )
  })

  test('--seed prints the last events of one seed', async () => {
    const text = await output('--seed', '5', '--n', '4', '--epochs', '2', '--trace', '7')
    expect(text.split('\n').filter(line => /^ {2}[#!]/.test(line))).toHaveLength(7)
    expect(text).toMatch(/trace hash [0-9a-f]{16}/)
  })

  test('refuses a mix that does not fit the sizes, with exit code 2', async () => {
    const text = await output('--n', '4,7', '--mix', '100', '--json')
    expect(JSON.parse(text)).toMatchObject({ error: { rule: 'usage/mix' } })
    expect(process.exitCode).toBe(2)
    process.exitCode = 0
  })

  test.each([
    ['--faults', 'crash,gremlins'],
    ['--seeds', '-1'],
    ['--n', '0'],
    ['--preset', 'none'],
  ])('refuses %s %s', async (...args) => {
    await expect(output(...args)).rejects.toThrow()
  })
})
