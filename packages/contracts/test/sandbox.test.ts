/** The sandbox: one call in, one outcome out, the same at every member. */
import type { Sandbox, SandboxCall } from '@mc/contracts'
import { loadSandbox, QUICKJS_SHA256 } from '@mc/contracts/quickjs'
import { hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { HOSTILE } from './corpus/programs.js'
import { sha256 } from './world.js'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await loadSandbox({ sha256 })
})

const call = (body: string, rest: Partial<SandboxCall> = {}) =>
  sandbox.call({
    source: `function execute(p, view) { ${body} }`,
    entry: 'execute',
    input: '[null]',
    fuel: 50_000_000,
    ...rest,
  })

const returned = (body: string, rest: Partial<SandboxCall> = {}): unknown => {
  const outcome = call(body, rest)
  if (outcome.status !== 'returned') throw new Error(JSON.stringify(outcome))
  return JSON.parse(outcome.text)
}

test('a call is given its arguments, and says its result', () => {
  expect(returned('return { sum: p.a + p.b }', { input: '[{"a":1,"b":2}]' })).toEqual({ sum: 3 })
})

test('only the pinned binary is accepted: another engine is another protocol', async () => {
  const wasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  await expect(loadSandbox({ sha256, wasm })).rejects.toThrow(QUICKJS_SHA256)
})

test('its name commits to the metered binary and to the prelude', async () => {
  expect(sandbox.engine).toMatch(/^quickjs\/[0-9a-f]{64}$/)
  expect((await loadSandbox({ sha256 })).engine).toBe(sandbox.engine)
})

test('fuel is a positive safe integer', () => {
  for (const fuel of [0, -1, 0.5, 2 ** 53, Number.NaN])
    expect(() => call('return 1', { fuel })).toThrow(RangeError)
})

test('an outcome depends on the call alone, not on what ran before', () => {
  const shapes = () => call('const a = []; for (let i = 0; i < 500; i++) a.push({ i }); return a.length')
  const fresh = shapes()
  fc.assert(
    fc.property(fc.constantFrom(...HOSTILE), ({ source }) => {
      sandbox.call({ source, entry: 'execute', input: '[null]', fuel: 1_000_000 })
      expect(shapes()).toEqual(fresh)
    }),
    { seed: 7, numRuns: Number(process.env.MC_SEEDS ?? 40) },
  )
})

test('fuel that suffices to the unit suffices, and one unit less does not', () => {
  const source = 'return [1, 2, 3].map(x => x * x).sort()'
  const { fuel } = call(source)
  expect(call(source, { fuel }).status).toBe('returned')
  expect(call(source, { fuel: fuel - 1 })).toEqual({ status: 'exhausted', resource: 'fuel', fuel: fuel - 1 })
})

test('what runs while the contract is read is metered too', () => {
  const source = 'for (let i = 0; i < 1000; i++); function execute() { return [] }'
  const loop = sandbox.call({ source, entry: 'execute', input: '[null]', fuel: 50_000_000 })
  expect(loop.fuel).toBeGreaterThan(call('return []').fuel + 10_000)
  const endless = sandbox.call({ source: 'for (;;);', entry: 'execute', input: '[null]', fuel: 100_000 })
  expect(endless).toEqual({ status: 'exhausted', resource: 'fuel', fuel: 100_000 })
})

test('built-ins are metered by what they do, not by how often they are called', () => {
  const sort = (n: number): number => call(`return "x".repeat(${n}).split("").sort().length`).fuel
  expect(sort(2_000) - sort(1_000)).toBeGreaterThan(100_000)
  const copy = (n: number): number => call(`return "x".repeat(${n}).slice(1).length`).fuel
  expect(copy(2_000_000) - copy(1_000_000)).toBeGreaterThan(100_000)
})

test('a program without fuel, memory or stack cannot catch that and go on', () => {
  const guard = (body: string): string =>
    `for (;;) { try { ${body} } catch {} finally { try { ${body} } catch {} } }`
  expect(call(guard('for (;;);'))).toMatchObject({ status: 'exhausted', resource: 'fuel' })
  expect(call(guard('"x".repeat(2 ** 29)'))).toMatchObject({ status: 'exhausted', resource: 'memory' })
  expect(call(guard('(function f() { f() })()'))).toMatchObject({ status: 'exhausted', resource: 'stack' })
})

test('the memory does not grow, whatever limit the engine believes in', () => {
  const fill = (n: number): string =>
    `const a = []; for (let i = 0; i < ${n}; i++) a.push("x".repeat(1e5) + i); return a.length`
  expect(returned(fill(80), { fuel: 2e9 })).toBe(80)
  expect(call(fill(200), { fuel: 2e9 })).toMatchObject({ status: 'exhausted', resource: 'memory' })
})

test('an answer of the host costs by its bytes', () => {
  const ask = (length: number): number =>
    call('return view.registry("a") && 1', { oracle: () => JSON.stringify('y'.repeat(length)) }).fuel
  expect(ask(2_000) - ask(1_000)).toBeGreaterThanOrEqual(10_000)
  const endless = call('for (;;) view.clock()', { oracle: () => '1', fuel: 1_000_000 })
  expect(endless).toMatchObject({ status: 'exhausted', resource: 'fuel' })
})

test('a host that fails stops the node: it is no outcome', () => {
  const oracle = (): string => {
    throw new Error('disk')
  }
  expect(() => call('return view.clock()', { oracle })).toThrow('invariant')
  expect(returned('return 1')).toBe(1)
})

test('validate, describe and conditions have no view unless it is given', () => {
  const source = 'function validate(p, view) { if (view !== undefined) throw "view" }'
  const outcome = sandbox.call({ source, entry: 'validate', input: '[1]', fuel: 1_000_000 })
  expect(outcome).toMatchObject({ status: 'returned', text: 'null' })
})

/** Everything that a program can reach from its globals without an argument. */
const REACHABLE = `
  const seen = new Map([[globalThis, 'globalThis']])
  for (const [object, path] of seen) {
    const next = (value, name) => {
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
        if (!seen.has(value)) seen.set(value, path + '.' + name)
      }
    }
    next(Object.getPrototypeOf(object), '[[prototype]]')
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key)
      next(value, String(key)); next(get, 'get ' + String(key)); next(set, 'set ' + String(key))
    }
  }
  for (const [name, sample] of Object.entries({
    generator: (function* () {})(), asyncFunction: async function () {}, asyncGenerator: (async function* () {})(),
    arrow: () => {}, iterator: [][Symbol.iterator](), mapIterator: new Map().entries(), setIterator: new Set().values(),
    stringIterator: ''[Symbol.iterator](), matches: 'a'.matchAll(/a/g), arguments, view, error: new Error('x'), promise: (async () => {})(),
  })) for (let one = sample; one; one = Object.getPrototypeOf(one)) {
    if (!seen.has(one)) seen.set(one, name)
    for (const key of Reflect.ownKeys(one)) {
      const d = Object.getOwnPropertyDescriptor(one, key)
      for (const value of [d.value, d.get, d.set]) if (typeof value === 'function' && !seen.has(value)) seen.set(value, name + '.' + String(key))
    }
  }`

/** What a program may find among its globals, and nothing else. */
const GLOBALS = [
  ...[
    'AggregateError',
    'Array',
    'BigInt',
    'Boolean',
    'Error',
    'EvalError',
    'InternalError',
    'JSON',
    'Map',
    'Math',
  ],
  ...[
    'Number',
    'Object',
    'RangeError',
    'ReferenceError',
    'Reflect',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'SyntaxError',
  ],
  ...['TypeError', 'URIError', 'WeakMap', 'WeakSet', 'Infinity', 'NaN', 'undefined', 'globalThis', '__call'],
  ...[
    'decodeURI',
    'decodeURIComponent',
    'encodeURI',
    'encodeURIComponent',
    'isFinite',
    'isNaN',
    'parseFloat',
    'parseInt',
  ],
]

test('a program’s globals are these and no others', () => {
  const found = returned('return Reflect.ownKeys(globalThis).map(String)') as string[]
  expect(found.filter(name => name !== 'execute').sort()).toEqual(
    [...GLOBALS, 'Symbol(Symbol.toStringTag)'].sort(),
  )
})

test('nothing that a program can reach knows the time, chance, the locale, its memory, or makes code of text', () => {
  const words = [
    'Date',
    'random',
    'now',
    'WeakRef',
    'deref',
    'FinalizationRegistry',
    'SharedArrayBuffer',
    'Atomics',
    'Intl',
    'performance',
  ]
  const more = [
    'Float16',
    'Float32',
    'Float64',
    'DataView',
    'ArrayBuffer',
    'Proxy',
    'Promise',
    'eval',
    'Function.',
    'Locale',
    'localeCompare',
    'normalize',
    'console',
    'std',
    '__ask',
  ]
  const paths = returned(`${REACHABLE} return [...seen.values()]`, {
    fuel: 1e9,
    oracle: () => 'null',
  }) as string[]
  expect(paths.length).toBeGreaterThan(200)
  for (const word of [...words, ...more]) expect(paths.filter(path => path.includes(word))).toEqual([])
})

test('all that a program can reach is what was written down: a new engine would show here', () => {
  const paths = returned(`${REACHABLE} return [...seen.values()].sort()`, { fuel: 1e9, oracle: () => 'null' })
  expect(hex(sha256(new TextEncoder().encode(JSON.stringify(paths))))).toMatchInlineSnapshot(
    `"1b45dc17d728ae000df2bb9e2c1c14c2d31b91e2c26295d1015452994fdce078"`,
  )
})

test('calling everything that can be reached gives the same twice, in two engines', async () => {
  const body = `${REACHABLE}
    const said = []
    for (const [f, path] of seen) if (typeof f === 'function' && !path.includes('__call') && path !== 'globalThis.execute') {
      for (const args of [[], ['b'], [1], [[2, 1]], [{ a: 1 }]]) for (const self of [undefined, 'xyz', [3, 1, 2], 7]) {
        try { said.push(path + ':' + String(Reflect.apply(f, self, args))) } catch (e) { said.push(path + '!' + e.message) }
      }
    }
    let sum = 7; for (const one of said) for (let i = 0; i < one.length; i++) sum = (sum * 31 + one.charCodeAt(i)) % 4294967291
    return [said.length, sum]`
  const first = call(body, { fuel: 4e9, oracle: () => '[1]' })
  expect(first.status).toBe('returned')
  expect(call(body, { fuel: 4e9, oracle: () => '[1]' })).toEqual(first)
  const source = `function execute(p, view) { ${body} }`
  const other = await loadSandbox({ sha256 })
  expect(other.call({ source, entry: 'execute', input: '[null]', fuel: 4e9, oracle: () => '[1]' })).toEqual(
    first,
  )
})
