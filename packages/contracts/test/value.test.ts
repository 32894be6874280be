/** What crosses the border of a sandbox. */
import {
  actionsOf,
  parseValue,
  readable,
  refusal,
  toValue,
  VALUE_DEPTH_MAX,
  VALUE_TEXT_MAX,
  type Value,
  valueText,
} from '@mc/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLES } from './samples.js'

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger().filter(n => !Object.is(n, -0)),
  fc.string({ unit: 'grapheme' }),
)
const values = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
})).value

describe('values', () => {
  test('a value survives its text, and its text survives its value', () => {
    fc.assert(
      fc.property(values, value => {
        const text = valueText(value)
        expect(valueText(parseValue(text) as Value)).toBe(text)
        expect(JSON.stringify(JSON.parse(text)).length).toBe(text.length)
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  test('reading is total: any text is a value or none', () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[[\]{}",:0-9eE.\-truefalsn \\]*$/))
    fc.assert(
      fc.property(text, said => {
        const value = parseValue(said)
        if (value !== undefined) expect(parseValue(valueText(value))).toEqual(value)
      }),
      { seed: 6, numRuns: 2_000 },
    )
  })

  test('what is not exact, not canonical or not bounded is no value', () => {
    const texts = [
      '0.5',
      '1e3',
      '-0',
      '01',
      '+1',
      '9007199254740992',
      '"\\ud800"',
      '"a',
      '"\\x"',
      '"\n"',
      '{"a":1,"a":1}',
      '{a:1}',
      '[1,]',
      '[,]',
      '',
      ' ',
      '1 2',
      'nul',
      'undefined',
      'NaN',
    ]
    expect(texts.filter(text => parseValue(text) !== undefined)).toEqual([])
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseValue(nested(VALUE_DEPTH_MAX + 1))).toBeDefined()
    expect(parseValue(nested(VALUE_DEPTH_MAX + 2))).toBeUndefined()
    expect(parseValue(nested(100_000))).toBeUndefined()
    expect(parseValue(`"${'x'.repeat(VALUE_TEXT_MAX - 2)}"`)).toBeDefined()
    expect(parseValue(`"${'x'.repeat(VALUE_TEXT_MAX - 1)}"`)).toBeUndefined()
  })

  test('a field named __proto__ is a field like any other', () => {
    const value = parseValue('{"__proto__":{"polluted":1}}') as Record<string, Value>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(value.polluted).toBeUndefined()
  })
})

describe('actions as values', () => {
  test('every action survives the way out and back', () => {
    for (const action of SAMPLES) expect(actionsOf([toValue(action)])).toEqual([action])
  })

  test('a field too many, too few, or of another type is refused', () => {
    for (const action of SAMPLES) {
      const value = toValue(action) as Record<string, Value>
      expect(actionsOf([{ ...value, more: 1 }])).toMatch(/more/)
      for (const name of Object.keys(value)) {
        for (const wrong of [7.5 as Value, ['x', ['y']], { z: 1 }, '\u0001x']) {
          const said = actionsOf([{ ...value, [name]: wrong }])
          // Some fields take any text; what is accepted is then what was said.
          if (typeof said !== 'string') expect(toValue(said[0])).toMatchObject({ [name]: wrong })
        }
      }
    }
  })

  test('an optional field may be left out, a needed one may not', () => {
    const action = { type: 'registry.set', key: 'k', cid: null }
    expect(actionsOf([action])).toMatchObject([{ expect: undefined }])
    expect(actionsOf([{ type: 'registry.set', cid: null }])).toBe('need a string')
  })
})

test('words of others carry no control characters and have an end', () => {
  expect(refusal('code', '\u001b[2Jboom\u0000')).toBe('code:  [2Jboom ')
  expect([...refusal('code', '🙂'.repeat(1_000))].length).toBe(256)
})

test('text of a value names its fields in the order of their names', () => {
  expect(readable({ b: [1, { y: Uint8Array.of(1), x: undefined }], a: 'q' })).toBe(
    '{a: "q", b: [1, {y: 01}]}',
  )
})
