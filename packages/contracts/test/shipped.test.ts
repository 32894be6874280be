/** Modules that come with the software, and the executor that an organisation has decided on. */
import {
  codeCid,
  executorModule,
  isCodeCid,
  MissingModule,
  manifestCid,
  manifestCodec,
  type ShippedModule,
  shippedCid,
  shippedManifest,
  versionedExecutor,
} from '@mc/contracts'
import { hex, utf8 } from '@mc/protocol/wire'
import type { ExecutionContext, Executor } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { cidOf, executor, place, sha256, World, world } from './world.js'

const contextOf = (on: World): ExecutionContext => ({ ...place, view: on, draft: on })

const suite = { kind: 'consensus', name: 'waterbear-q' } as const

describe('modules that come with the software', () => {
  test('have a manifest that everybody can make again, whose CID binds kind and name', () => {
    const manifest = shippedManifest(suite, sha256)
    expect(manifestCodec.decode(manifestCodec.encode(manifest))).toEqual(manifest)
    expect(manifestCid(manifest, sha256)).toEqual(codeCid(manifestCodec.encode(manifest), sha256))
    expect(isCodeCid(shippedCid(suite, sha256))).toBe(true)
    const others: readonly ShippedModule[] = [
      suite,
      { ...suite, name: 'waterbear-qs-q' },
      { ...suite, kind: 'contracts' },
      { kind: 'contracts', name: `contracts/${'a'.repeat(64)}@1` },
      { kind: 'contracts', name: `contracts/${'a'.repeat(63)}b@1` },
    ]
    expect(new Set(others.map(one => hex(shippedCid(one, sha256)))).size).toBe(others.length)
  })

  test('golden: the CID of a suite', () => {
    expect(hex(shippedCid(suite, sha256))).toBe(
      '01551220e0b8cca170c90695bdacb0eb2b612ac235146ae4d36dd22d73e871448bfd8e1c',
    )
  })
})

describe('an executor of which the organisation decides the version', () => {
  /** An executor that says which one it is. */
  const named = (name: string, version = 1): Executor => ({
    name,
    version,
    validate: () => ({ valid: false, reason: name, gas: version }),
    execute: () => ({ outcome: 'failed', reason: name, gas: version }),
    apply: () => ({ outcome: 'failed', reason: name, gas: version }),
    holds: () => name === 'new',
  })
  const program = { type: 'actions', actions: [] } as const
  const [first, later] = [named('old'), named('new', 2)]
  const whole = versionedExecutor({ first, later: [later], sha256 })
  const budget = { gas: 1, storageBytes: 1 }
  const cidOfExecutor = (one: Executor): Uint8Array =>
    shippedCid({ kind: 'contracts', name: executorModule(one) }, sha256)
  const running = (current: Uint8Array | undefined): World => {
    const on = new World()
    on.modules.set(utf8('contracts'), {
      name: 'contracts',
      current,
      pending: undefined,
      probation: undefined,
    })
    return on
  }
  const saidBy = (on: World) => [
    whole.validate(program, 'contract', on, budget),
    whole.execute(program, contextOf(on)),
    whole.apply([], contextOf(on)),
    whole.holds({ type: 'custom', cid: cidOf('condition') }, on, budget),
  ]

  test('runs the first one until another one is in force, then that one, in every call', () => {
    for (const on of [new World(), running(undefined), running(cidOfExecutor(first))]) {
      expect(saidBy(on)).toMatchObject([{ reason: 'old' }, { reason: 'old' }, { reason: 'old' }, false])
    }
    expect(saidBy(running(cidOfExecutor(later)))).toMatchObject([
      { reason: 'new', gas: 2 },
      { reason: 'new' },
      { reason: 'new' },
      true,
    ])
  })

  test('goes by the name and version of the first: what members share does not depend on what else they have', () => {
    expect([whole.name, whole.version]).toEqual(['old', 1])
  })

  test('one that is not here is no outcome, but an error that says what to do', () => {
    const on = running(cidOf('somebody’s module'))
    expect(() => whole.apply([], contextOf(on))).toThrow(MissingModule)
    expect(() => whole.validate(program, 'contract', on, budget)).toThrow('install a version that does')
  })

  test('the real executor runs under it as it does alone', () => {
    const on = world()
    const wrapped = versionedExecutor({ first: executor, later: [], sha256 })
    const alone = executor.execute(program, contextOf(world()))
    expect(wrapped.execute(program, contextOf(on))).toEqual(alone)
  })
})
