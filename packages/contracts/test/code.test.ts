/** Tier 1: contract code between its switch, its CID, its capabilities and its budget. */
import {
  CALL_GAS_MAX,
  CODE_PARAMETER,
  type CodeStore,
  codeCid,
  codeStore,
  contractParameters,
  contracts,
  INSTRUCTIONS_PER_GAS,
  isCodeCid,
  MissingCode,
  missingCode,
  type Sandbox,
  VALIDATION_GAS_MAX,
} from '@mc/contracts'
import { loadSandbox } from '@mc/contracts/quickjs'
import { payloadCid } from '@mc/ledger'
import { utf8 } from '@mc/protocol/wire'
import type { Capability, ExecutionContext, Program } from '@mc/topics'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ann,
  cidOf,
  crypto,
  emit,
  execute,
  id,
  NOW,
  place,
  reasonOf,
  set,
  sha256,
  type World,
  world,
} from './world.js'

const GRANTS = `
  function validate(p) { if (p.count < 1) throw 'count' }
  function execute(p, view) {
    const list = []
    for (let at = 0; at < p.count; at++) list.push({ type: 'event.emit', name: p.name + at, payload: '' })
    return list
  }
  function describe(p, lang) { return lang === 'zh' ? '发布' + p.count + '次' : 'Announces ' + p.count + ' times' }
`
const ASKS = `function execute(p, view) {
  const all = [view.clock(), view.beacon(), view.topic(), view.memberCount(), view.member(p), view.member('00'), view.member('x'),
    view.domains(), view.domain(view.domains()[0]), view.parameter('${CODE_PARAMETER}'), view.registry('none'),
    view.hasContractType('00'), view.attesterCount()]
  throw JSON.stringify(all).length + ' ' + view.memberCount() + ' ' + view.clock() + ' ' + view.member(p).state
}`
const HIDDEN = `function execute() { return [{ type: 'parameter.set', name: 'a', value: 1, expect: 0 }] }`
const REMOVES = `function execute(p) { return [{ type: 'member.remove', member: p }] }`
const CROWD = 'function holds(p) {} function execute() { for (;;); }'
const TWO = 'function holds(view) { return view.memberCount() >= 2 }'
const SLOW = 'function validate() { for (;;); } function holds() { for (;;); }'
const MANY = [
  GRANTS,
  ASKS,
  HIDDEN,
  REMOVES,
  CROWD,
  TWO,
  SLOW,
  'syntax error',
  'function holds() { return 1 }',
]
const store = codeStore(MANY.map(code => [cidOf(code), code]))

let by: ReturnType<typeof contracts>
let on: World

beforeAll(async () => {
  by = contracts({ ...crypto, code: { sandbox: await loadSandbox({ sha256 }), codes: store } })
})

beforeEach(() => {
  on = world()
  on.parameters.set(utf8(CODE_PARAMETER), { name: CODE_PARAMETER, value: 1 })
})

const install = (code: string, capabilities: readonly Capability[] = ['event']): Uint8Array => {
  const cid = cidOf(code)
  on.contractTypes.set(cid, { cid, capabilities, isRetired: false })
  return cid
}
const programOf = (code: string, parameters: string): Program => ({
  type: 'contract',
  contractType: cidOf(code),
  parameters: contractParameters(parameters),
})
const runs = (code: string, parameters = 'null', rest: Partial<ExecutionContext> = {}) =>
  execute(by, on, programOf(code, parameters), rest)
const validates = (code: string, parameters = 'null') =>
  by.validate(programOf(code, parameters), 'contract', on, place.budget)

describe('off by default', () => {
  test('where the parameter is not 1, no code runs, is proposed, or says that a condition holds', () => {
    install(GRANTS)
    install(TWO)
    on.parameters.delete(utf8(CODE_PARAMETER))
    expect(reasonOf(runs(GRANTS, '{"count":1,"name":"a"}'))).toBe('invalid: contract code is switched off')
    expect(validates(GRANTS, '{"count":1}')).toMatchObject({ valid: false })
    expect(by.holds({ type: 'custom', cid: cidOf(TWO) }, on, place.budget)).toBe(false)
  })

  test('a topic switches it on, and from the next batch on types are installed and retired by topics', () => {
    on.parameters.delete(utf8(CODE_PARAMETER))
    const cid = cidOf(GRANTS)
    const installs = { type: 'contractType.install', cid, capabilities: ['event'] } as const
    const actions = (...list: Parameters<typeof by.apply>[0]) =>
      execute(by, on, { type: 'actions', actions: list })
    expect(reasonOf(actions(installs))).toMatch(/^invalid/)
    expect(reasonOf(actions(set(CODE_PARAMETER, 1, 0)))).toBe('executed')
    expect(reasonOf(actions(installs))).toBe('executed')
    expect(reasonOf(actions(installs))).toMatch(/^invalid/)
    expect(validates(GRANTS, '{"count":1}')).toMatchObject({ valid: true })
    expect(reasonOf(actions({ type: 'contractType.retire', cid }))).toBe('executed')
    expect(validates(GRANTS, '{"count":1}')).toMatchObject({ valid: false })
    expect(reasonOf(runs(GRANTS, '{"count":1,"name":"a"}'))).toBe('executed')
  })
})

describe('code is what its CID names', () => {
  test('the CID is the ledger’s of raw bytes', () => {
    expect(codeCid(utf8(GRANTS), sha256)).toEqual(payloadCid(utf8(GRANTS), sha256).bytes)
    expect(isCodeCid(cidOf(GRANTS))).toBe(true)
    expect(isCodeCid(id('x'))).toBe(false)
  })

  test('threat 22: other code under the CID is not run', async () => {
    install(GRANTS)
    const swapped: CodeStore = { get: () => utf8(HIDDEN) }
    const other = contracts({ ...crypto, code: { sandbox: await loadSandbox({ sha256 }), codes: swapped } })
    expect(reasonOf(execute(other, on, programOf(GRANTS, 'null')))).toBe(
      'code: not the text that the CID names',
    )
  })

  test('code that a node does not have is no outcome: others have it', () => {
    const cid = install('function execute() { return [] }')
    expect(missingCode(on, store)).toEqual([cid])
    expect(() => runs('function execute() { return [] }')).toThrow(MissingCode)
  })
})

describe('what it returns', () => {
  test('actions, carried out as one batch, and paid with the code', () => {
    install(GRANTS)
    const execution = runs(GRANTS, '{"count":2,"name":"n"}')
    expect(execution).toMatchObject({ outcome: 'executed', diff: [{ after: '"n0"' }, { after: '"n1"' }] })
    expect(execution.gas).toBeGreaterThan(2_000)
    expect(on.deeds.length).toBe(2)
  })

  test('threat 22: capabilities that its installation did not name are refused, whatever the topic may do', () => {
    install(HIDDEN, ['event'])
    expect(reasonOf(runs(HIDDEN))).toMatch(/^capability: parameter/)
    install(HIDDEN, ['parameter'])
    expect(reasonOf(runs(HIDDEN, 'null', { capabilities: ['event'] }))).toMatch(/^capability: parameter/)
    expect(on.parameters.get(utf8('a'))).toBeUndefined()
    expect(reasonOf(runs(HIDDEN))).toBe('executed')
  })

  test('code cannot remove a member outside a challenge', () => {
    install(REMOVES, ['member'])
    const target = JSON.stringify(Array.from(ann.id, byte => byte.toString(16).padStart(2, '0')).join(''))
    expect(reasonOf(runs(REMOVES, target, { kind: 'membership' }))).toMatch(/^capability: member.remove/)
    expect(reasonOf(runs(REMOVES, target, { kind: 'challenge' }))).toBe('executed')
  })

  test('expectations hold for what code returns, too', () => {
    install(HIDDEN, ['parameter'])
    on.parameters.set(utf8('a'), { name: 'a', value: 9 })
    expect(reasonOf(runs(HIDDEN))).toMatch(/^stale/)
  })

  test('the same topic on the same state gives the same receipt', () => {
    install(GRANTS)
    const again = world()
    again.parameters.set(utf8(CODE_PARAMETER), { name: CODE_PARAMETER, value: 1 })
    again.contractTypes.set(cidOf(GRANTS), { cid: cidOf(GRANTS), capabilities: ['event'], isRetired: false })
    const program = programOf(GRANTS, '{"count":3,"name":"n"}')
    expect(execute(by, on, program)).toEqual(execute(by, again, program))
  })
})

describe('budgets', () => {
  test('threat 23: code that never ends fails with the state untouched, and costs its budget', () => {
    install(CROWD)
    const budget = { gas: 50_000, storageBytes: 0 }
    expect(runs(CROWD, 'null', { budget })).toEqual({
      outcome: 'failed',
      gas: 50_000,
      reason: 'budget: the code ran out of fuel',
    })
    expect(on.deeds).toEqual([])
  })

  test('what is left of the budget after the code pays for its actions', () => {
    install(GRANTS)
    const { gas } = runs(GRANTS, '{"count":1,"name":"n"}')
    const budget = { gas: gas - 1, storageBytes: 1_000 }
    expect(reasonOf(runs(GRANTS, '{"count":1,"name":"n"}', { budget }))).toMatch(/^budget/)
    expect(reasonOf(runs(GRANTS, '{"count":1,"name":"n"}', { budget: { ...budget, gas } }))).toBe('executed')
  })

  test('threat 23: validate has a small budget of its own, however large that of the domain', () => {
    install(SLOW)
    const verdict = by.validate(programOf(SLOW, 'null'), 'contract', on, { gas: 2 ** 50, storageBytes: 0 })
    expect(verdict).toMatchObject({ valid: false, gas: VALIDATION_GAS_MAX })
  })

  test('an execution has a most that no vote can raise', () => {
    const fuels: number[] = []
    const sandbox: Sandbox = {
      engine: 'fake',
      call: ({ fuel }) => {
        fuels.push(fuel)
        return { status: 'returned', text: '[]', fuel: 1 }
      },
    }
    install(GRANTS)
    const budget = { gas: 2 ** 52, storageBytes: 0 }
    execute(contracts({ ...crypto, code: { sandbox, codes: store } }), on, programOf(GRANTS, 'null'), {
      budget,
    })
    expect(fuels).toEqual([CALL_GAS_MAX * INSTRUCTIONS_PER_GAS])
  })

  test('a condition that cannot be told within its budget does not hold', () => {
    install(SLOW)
    expect(by.holds({ type: 'custom', cid: cidOf(SLOW) }, on, { gas: 10_000, storageBytes: 0 })).toBe(false)
  })
})

describe('what code reads', () => {
  test('members, domains, parameters, its topic, L and the beacon, and null for what is no question', () => {
    install(ASKS)
    const of = JSON.stringify(Array.from(ann.id, byte => byte.toString(16).padStart(2, '0')).join(''))
    expect(reasonOf(runs(ASKS, of))).toMatch(new RegExp(`^code: [0-9]+ 3 ${NOW} active$`))
  })

  test('conditions are read-only code: they hold if they say true, and nothing else is true', () => {
    install(TWO)
    install('function holds() { return 1 }')
    const budget = { gas: 500_000, storageBytes: 0 }
    expect(by.holds({ type: 'custom', cid: cidOf(TWO) }, on, budget)).toBe(true)
    expect(by.holds({ type: 'custom', cid: cidOf('function holds() { return 1 }') }, on, budget)).toBe(false)
    expect(by.holds({ type: 'custom', cid: cidOf('never installed') }, on, budget)).toBe(false)
  })
})

describe('proposing', () => {
  test('validate is asked, without a view, and its word counts', () => {
    install(GRANTS)
    expect(validates(GRANTS, '{"count":1,"name":"a"}')).toMatchObject({
      valid: true,
      capabilities: ['event'],
    })
    expect(validates(GRANTS, '{"count":0,"name":"a"}')).toMatchObject({ valid: false, reason: 'code: count' })
  })

  test('parameters are a value of integers, strings, lists and records', () => {
    install(GRANTS)
    for (const text of ['', '0.5', '{"a":1,"a":2}', '"\\ud800"', '[1', 'NaN']) {
      expect(validates(GRANTS, text)).toMatchObject({
        valid: false,
        reason: 'invalid: the parameters are no value',
      })
    }
    expect(
      by.validate(
        { type: 'contract', contractType: cidOf(GRANTS), parameters: Uint8Array.of(0xff) },
        'contract',
        on,
        place.budget,
      ),
    ).toMatchObject({ valid: false })
  })

  test('code that cannot be read is refused when it is proposed', () => {
    install('syntax error')
    expect(validates('syntax error')).toMatchObject({
      valid: false,
      reason: expect.stringMatching(/^code: SyntaxError/),
    })
  })
})

test('describe speaks in the language it is asked for, and without code in our own words', () => {
  install(GRANTS)
  const program = programOf(GRANTS, '{"count":2,"name":"a"}')
  expect(by.describe(program, 'en')).toMatch(/^Runs the contract type ….{12}\.\n {2}Announces 2 times$/)
  expect(by.describe(program, 'zh-CN')).toMatch(/^运行合约类型 ….{12}。\n {2}发布2次$/)
  expect(by.describe(programOf(HIDDEN, 'null'), 'en')).toMatch(/^Runs the contract type …/)
  expect(by.describe({ type: 'actions', actions: [emit('x')] }, 'zh')).toBe('发布事件“x”。')
})

test('its name says which engine it runs, so members with another one differ in their suite', () => {
  expect(by.name).toMatch(/^contracts\/quickjs\/[0-9a-f]{64}$/)
  expect(contracts(crypto).name).toBe('contracts/actions')
})
