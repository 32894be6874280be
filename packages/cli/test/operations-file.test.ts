import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { checkOperation, operationFromJson } from '@mc/ledger'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { badLineText, readOperations } from '../src/submission/operations-file.js'
import { line } from './operations.js'

let path = ''
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'mc-file-')), 'operations.jsonl')
})
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }))

test('every good line is an operation, every other is named by its number and what is wrong', async () => {
  const [first, second] = [line(1), line(2)]
  const long = JSON.stringify({ ...JSON.parse(first.text), body: { text: '长'.repeat(30_000) } })
  const noKey = first.text.replace(/"author":"[0-9a-f]+"/, '"author":"me"')
  const text = [first.text, '', '{', second.text, first.text, noKey, long, 'x'.repeat(600_000), '[]'].join(
    '\r\n',
  )
  await writeFile(path, text)
  const { operations, bad } = await readOperations(path)
  expect(operations.map(one => [one.line, one.id])).toEqual([
    [1, first.id],
    [4, second.id],
  ])
  expect(bad.map(one => [one.line, one.rule, one.field])).toEqual([
    [3, 'input/malformed-line', undefined],
    [5, 'input/duplicate-operation', undefined],
    [6, 'input/malformed-operation', 'author'],
    [7, 'input/malformed-operation', 'body'],
    [8, 'input/line-too-long', undefined],
    [9, 'input/malformed-operation', expect.any(String)],
  ])
  expect(badLineText(bad[1]!)).toBe('line 5: the same operation as line 1 (input/duplicate-operation)')
})

test('unsigned lines are signed with the key, signed ones stay as they are', async () => {
  const signed = line(1)
  await writeFile(path, `{"kind":"vote","created":7,"body":{"choice":"yes"}}\n${signed.text}\n{"body":1}\n`)
  const secretKey = crypto.sha256(new Uint8Array([1]))
  const { operations, bad } = await readOperations(path, { secretKey, realm: 'here' })
  const [made, kept] = operations
  const checked = checkOperation(operationFromJson(JSON.parse(made?.text ?? '')), 'here', crypto)
  expect('operation' in checked && checked.operation.kind).toBe('vote')
  expect(kept?.text).toBe(signed.text)
  expect(bad).toMatchObject([{ line: 3, field: 'kind' }])
})

test('a file that is not there is said to be not there', async () => {
  await expect(readOperations(path)).rejects.toThrow('there is no such file')
})

test('the town hall is whole: 2,000 operations by 20 authors, in both languages, up to 64 KiB', async () => {
  const townHall = new URL('../../../examples/data/town-hall.jsonl', import.meta.url).pathname
  const { operations, bad } = await readOperations(townHall)
  expect(bad).toEqual([])
  expect(operations.length).toBeGreaterThanOrEqual(2_000)
  const values = operations.map(({ text }) => JSON.parse(text))
  expect(new Set(values.map(({ author }) => author)).size).toBeGreaterThanOrEqual(20)
  expect(new Set(values.map(({ kind }) => kind))).toEqual(new Set(['topic.open', 'comment', 'vote']))
  expect(Math.max(...operations.map(({ text }) => Buffer.byteLength(text)))).toBeGreaterThan(64_000)
  expect(values.filter(({ body }) => /\p{Script=Han}/u.test(body.text ?? '')).length).toBeGreaterThan(500)
  const ids = new Set(operations.map(({ id }) => id))
  for (const { body } of values) if (body.topic !== undefined) expect(ids.has(body.topic)).toBe(true)
  // Verifying takes a while, so every fortieth stands for the rest.
  for (const value of values.filter((_, at) => at % 40 === 0))
    expect(checkOperation(operationFromJson(value), 'town-hall', crypto)).toHaveProperty('operation')
})
