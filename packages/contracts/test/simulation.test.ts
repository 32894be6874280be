/** What voters are shown is what happens. */
import { CODE_PARAMETER, codeStore, contractParameters, contracts, simulate } from '@mc/contracts'
import { loadSandbox } from '@mc/contracts/quickjs'
import { utf8 } from '@mc/protocol/wire'
import { type Action, type Program, TOPIC_KINDS } from '@mc/topics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { programs } from './samples.js'
import { cidOf, crypto, emit, execute, executor, place, set, sha256, world } from './world.js'

const runs = Number(process.env.MC_SEEDS ?? 300)
const actionsOf = (actions: readonly Action[]): Program => ({ type: 'actions', actions })

test('a simulation is what execution then does on the same state, and changes nothing', () => {
  fc.assert(
    fc.property(programs, fc.constantFrom(...TOPIC_KINDS), (actions, kind) => {
      const on = world()
      const before = structuredClone(on)
      const simulated = simulate(executor, actionsOf(actions), on, { ...place, kind })
      expect(structuredClone(on)).toEqual(before)
      const executed = execute(executor, on, actionsOf(actions), { kind })
      expect(simulated.execution.outcome).toBe(executed.outcome)
      // A program that may not even be proposed is told so by the same rule, before anything is counted.
      if (executed.outcome === 'executed') expect(simulated.execution).toEqual(executed)
    }),
    { seed: 3, numRuns: runs },
  )
})

test('an execution that fails leaves nothing behind, one that does not leaves its diff', () => {
  let executed = 0
  fc.assert(
    fc.property(programs, fc.constantFrom(...TOPIC_KINDS), (actions, kind) => {
      const on = world()
      const before = structuredClone(on)
      const execution = execute(executor, on, actionsOf(actions), { kind })
      if (execution.outcome === 'failed') expect(structuredClone(on)).toEqual(before)
      else if (execution.diff.length > 0) expect(structuredClone(on)).not.toEqual(before)
      executed += execution.outcome === 'executed' ? 1 : 0
    }),
    { seed: 4, numRuns: runs },
  )
  expect(executed).toBeGreaterThan(runs / 10)
})

test('threat 22: shown again when publicity begins, it says that the state has moved', () => {
  const on = world()
  const program = actionsOf([set('a', 1, 0)])
  expect(simulate(executor, program, on, place).execution.outcome).toBe('executed')
  execute(executor, on, actionsOf([set('a', 7, 0)]))
  expect(simulate(executor, program, on, place).execution).toMatchObject({
    reason: expect.stringMatching(/^stale/),
  })
})

test('it shows the capabilities, the gas and the words in both languages', () => {
  const program = actionsOf([
    emit('x'),
    { type: 'schedule.at', clock: place.clock + 9, actions: [set('a', 1, 0)] },
  ])
  const { capabilities, execution, description } = simulate(executor, program, world(), place)
  expect(capabilities).toEqual(['parameter', 'schedule', 'event'])
  expect(execution.gas).toBeGreaterThan(2_000)
  expect(description.en).toMatch(/^Announces the event “x”\.\nWhen the clock/)
  expect(description.zh).toMatch(/^发布事件“x”。\n当时钟/)
})

test('what a kind of topic may not propose fails in its simulation, with the reason of validate', () => {
  const program = actionsOf([
    { type: 'member.remove', member: world().members.values()[0]?.id as Uint8Array },
  ])
  expect(simulate(executor, program, world(), place).execution).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^capability/),
  })
})

test('code is simulated as it will run', async () => {
  const code = `function validate() {} function execute(p, view) {
    return [{ type: 'parameter.set', name: 'a', value: view.memberCount() * p, expect: view.parameter('a') }]
  }`
  const cid = cidOf(code)
  const by = contracts({
    ...crypto,
    code: { sandbox: await loadSandbox({ sha256 }), codes: codeStore([[cid, code]]) },
  })
  const on = world()
  on.parameters.set(utf8(CODE_PARAMETER), { name: CODE_PARAMETER, value: 1 })
  on.contractTypes.set(cid, { cid, capabilities: ['parameter'], isRetired: false })
  const program: Program = { type: 'contract', contractType: cid, parameters: contractParameters('2') }
  const { execution } = simulate(by, program, on, place)
  expect(execution).toMatchObject({ diff: [{ table: 'parameters', after: 'name: "a", value: 6' }] })
  expect(execute(by, on, program)).toEqual(execution)
})
