import { readFileSync } from 'node:fs'
import { nodeCrypto } from '@mc/crypto/node'
import { runVectors, type Vectors } from '@mc/topics'
import { expect, test } from 'vitest'

const vectors = JSON.parse(readFileSync(new URL('./topics.vectors.json', import.meta.url), 'utf8')) as Vectors
const { cases, failed } = runVectors(vectors, nodeCrypto.sha256)

test.each(cases)('vector: $name', ({ expected, actual }) => {
  expect(actual).toBe(expected)
})

test('all vectors are run, and none fails', () => {
  expect(failed).toBe(0)
  expect(cases.length).toBe(40)
})
