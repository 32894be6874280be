/**
 * What runs before any contract: takes away what is not needed, and keeps what the driver needs out of a contract's reach.
 *
 * Without it nothing would be nondeterministic either, since the engine has no clock and no randomness to ask. It removes what looks as
 * if there were, and every way to make code out of text: what runs is what the CID names.
 */
export const PRELUDE: string = `(function () {
'use strict'
const ask = globalThis.__ask
delete globalThis.__ask
const { parse, stringify } = JSON
const { apply, getPrototypeOf } = Reflect
const { defineProperty, freeze } = Object
const { slice } = String.prototype
const text = String

for (const name of ['Promise', 'Date', 'Proxy', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'ArrayBuffer',
  'DataView', 'Float16Array', 'Float32Array', 'Float64Array', 'Intl', 'performance', 'console', 'eval', 'Function', 'Iterator',
  'queueMicrotask', 'navigator', 'escape', 'unescape', 'AsyncDisposableStack', 'DOMException']) delete globalThis[name]

// Of Math, what is exact on integers.
const { abs, min, max, sign, trunc, floor, ceil, round, imul, clz32 } = Math
globalThis.Math = freeze({ abs, min, max, sign, trunc, floor, ceil, round, imul, clz32 })

// All four constructors of functions make code out of text. They are reachable from any function, so they go.
for (const sample of [function () {}, function* () {}, async function () {}, async function* () {}]) {
  delete getPrototypeOf(sample).constructor
}
for (const name of ['toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare', 'normalize']) {
  for (const prototype of [Object.prototype, Array.prototype, String.prototype, Number.prototype, BigInt.prototype]) delete prototype[name]
}
delete Error.captureStackTrace
delete Error.prepareStackTrace
delete Error.stackTraceLimit

const answer = (...question) => parse(ask(stringify(question)))
const view = freeze({
  __proto__: null,
  clock: () => answer('clock'),
  beacon: () => answer('beacon'),
  topic: () => answer('topic'),
  memberCount: () => answer('memberCount'),
  member: id => answer('member', text(id)),
  domains: () => answer('domains'),
  domain: id => answer('domain', text(id)),
  parameter: name => answer('parameter', text(name)),
  registry: key => answer('registry', text(key)),
  hasContractType: id => answer('hasContractType', text(id)),
  attesterCount: () => answer('attesterCount'),
})

const shorten = value => apply(slice, text(value), [0, 200])
const reason = thrown => {
  try {
    return typeof thrown === 'object' && thrown !== null ? shorten(thrown.name) + ': ' + shorten(thrown.message) : shorten(thrown)
  } catch {
    return 'something that cannot be said'
  }
}

defineProperty(globalThis, '__call', {
  value: (entry, input, hasView) => {
    try {
      const run = globalThis[entry]
      if (typeof run !== 'function') return '!no function ' + entry
      const values = parse(input)
      if (hasView) values[values.length] = view
      const result = stringify(apply(run, undefined, values))
      return result === undefined ? '=null' : '=' + result
    } catch (thrown) {
      return '!' + reason(thrown)
    }
  },
})
})()
`
