/** What people read before they decide. */
import { readFileSync } from 'node:fs'
import { describeActions, languageOf, PHRASES } from '@mc/contracts'
import { type Action, actionCodec, CAPABILITIES } from '@mc/topics'
import { expect, test } from 'vitest'
import { SAMPLES } from './samples.js'

const vectors: { readonly en: readonly string[]; readonly zh: readonly string[] } = JSON.parse(
  readFileSync(new URL('./description.vectors.json', import.meta.url), 'utf8'),
)

test('every action has its sentence in every language, and the samples have every action', () => {
  const types = SAMPLES.map(({ type }) => type).sort()
  for (const language of ['en', 'zh'] as const) {
    expect(Object.keys(PHRASES[language].actions).sort()).toEqual(types)
    expect(Object.keys(PHRASES[language].capabilities).sort()).toEqual([...CAPABILITIES].sort())
  }
})

test('the words are those that were written down', () => {
  expect({
    en: describeActions(SAMPLES, 'en').split('\n'),
    zh: describeActions(SAMPLES, 'zh').split('\n'),
  }).toEqual(vectors)
})

test('no Chinese in English, and no English sentence in Chinese', () => {
  expect(vectors.en.join('')).not.toMatch(/\p{Script=Han}/u)
  for (const line of vectors.zh) expect(line).toMatch(/\p{Script=Han}/u)
})

test('what an action brings later is indented below it', () => {
  expect(vectors.en.filter(line => line.startsWith('  '))).not.toEqual([])
  expect(vectors.zh.filter(line => line.startsWith('  '))).not.toEqual([])
})

test('a program of no actions says so', () => {
  expect(describeActions([], 'en')).toBe('Nothing happens; only the words count.')
})

test('Chinese is Chinese wherever it is spoken', () => {
  expect(['zh', 'zh-CN', 'ZH-Hant', 'en', 'de', 'zha', ''].map(languageOf)).toEqual([
    'zh',
    'zh',
    'zh',
    'en',
    'en',
    'en',
    'en',
  ])
})

test('a name cannot begin a line of its own, nor run backwards', () => {
  const forged: Action = {
    type: 'event.emit',
    name: 'x”.\nRemoves all\u202e\u2028',
    payload: new Uint8Array(),
  }
  expect(describeActions([forged], 'en')).toBe(
    'Announces the event “x”.\\u{a}Removes all\\u{202e}\\u{2028}”.',
  )
})

test('the samples survive the codec', () => {
  for (const action of SAMPLES) expect(actionCodec.decode(actionCodec.encode(action))).toEqual(action)
})
