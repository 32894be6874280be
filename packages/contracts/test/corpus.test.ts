/** Hostile programs: every one contained, with the same receipt in every process. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadSandbox } from '@mc/contracts/quickjs'
import { nodeCrypto } from '@mc/crypto/node'
import { beforeAll, expect, test } from 'vitest'
import { HOSTILE } from './corpus/programs.js'
import { type CorpusReceipt, corpusDigest, runCorpus } from './corpus/receipts.js'

const { sha256 } = nodeCrypto
const golden = new URL('./corpus.vectors.json', import.meta.url)

let receipts: readonly CorpusReceipt[]
let prototypes: string

const prototypesNow = (): string =>
  [Object, Array, Function, String, Number, Error, Map, JSON, Reflect]
    .map(one =>
      [...Reflect.ownKeys(one), ...Reflect.ownKeys(Object(Reflect.get(one, 'prototype')))].map(String).join(),
    )
    .join()

beforeAll(async () => {
  prototypes = prototypesNow()
  receipts = runCorpus(await loadSandbox({ sha256 }))
  if (process.env.MC_WRITE_VECTORS) {
    const text = JSON.stringify({ digest: corpusDigest(receipts, sha256), receipts }, undefined, 2)
    writeFileSync(golden, `${text}\n`)
  }
})

test('the corpus has at least 200 programs, each once', () => {
  expect(new Set(HOSTILE.map(({ name }) => name)).size).toBe(HOSTILE.length)
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200)
})

test('every hostile program is contained: it ends, and brings no action but what it may return', () => {
  const brought = receipts.filter(({ outcome }) => /^returned: [1-9]/.test(outcome)).map(({ name }) => name)
  expect(brought).toEqual([])
  expect(receipts.filter(({ outcome }) => outcome === 'broken')).toEqual([])
})

test('nothing of the host was touched', () => {
  expect(prototypesNow()).toBe(prototypes)
})

test('the receipts are those that were written down', () => {
  const { digest, receipts: written } = JSON.parse(readFileSync(golden, 'utf8'))
  expect(receipts).toEqual(written)
  expect(corpusDigest(receipts, sha256)).toBe(digest)
})

test('a second process, with another compiler and a smaller stack, has identical receipts', () => {
  const folder = fileURLToPath(new URL('./corpus/', import.meta.url))
  const flags = [
    '--liftoff-only',
    '--stack-size=700',
    '--conditions=@mc/source',
    '--import',
    './typescript.mjs',
  ]
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, './process.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout).toBe(corpusDigest(receipts, sha256))
})
