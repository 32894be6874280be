import { expect, test } from 'vitest'
import { authorOf, committed, operation, serve } from './harness.js'

const JSON_TYPE = { 'content-type': 'application/json' }
const LINES_TYPE = { 'content-type': 'application/x-ndjson' }

test('one operation, a list and lines are taken, and each item is answered in its place', async () => {
  const served = await serve()
  const [first, second, third, fourth] = [1, 2, 3, 4].map(created => operation(created))
  const one = await served.call('POST', '/v1/operations', { headers: JSON_TYPE, body: first!.line })
  expect(one.status).toBe(202)
  expect(one.json).toEqual({ taken: 1, refused: 0, items: [{ id: first!.id, taken: true }] })
  const list = await served.call('POST', '/v1/operations', { headers: JSON_TYPE, body: `[${second!.line}]` })
  expect(list.json.items).toEqual([{ id: second!.id, taken: true }])
  const forged = third!.line.replace(/"signature":"../, '"signature":"00')
  const foreign = operation(9, { realm: 'elsewhere' }).line
  const body = [third!.line, '{no json', forged, '{"realm":"test"}', foreign, '', fourth!.line].join('\n')
  const lines = await served.call('POST', '/v1/operations', { headers: LINES_TYPE, body })
  expect(lines.status).toBe(207)
  expect(lines.json.taken).toBe(2)
  expect(lines.json.items.map((item: { refusal?: { rule: string } }) => item.refusal?.rule)).toEqual([
    undefined,
    'ledger/malformed-operation',
    'ledger/wrong-signature',
    'ledger/malformed-operation',
    'ledger/wrong-realm',
    undefined,
  ])
  expect(lines.json.items[3].refusal.field).toBe('kind')
  await committed(served, 4)
  const again = await served.call('POST', '/v1/operations', { headers: JSON_TYPE, body: first!.line })
  expect(again.status).toBe(422)
  expect(again.json.items[0].refusal).toEqual({
    rule: 'ledger/duplicate-operation',
    message: expect.stringContaining('already on the ledger'),
  })
})

test('bodies are bounded in bytes and items, and only JSON is read', async () => {
  const { call, node } = await serve({ bodyBytesMax: 2_000, operationsMax: 2 })
  const post = (body: string, headers: Record<string, string> = LINES_TYPE) =>
    call('POST', '/v1/operations', { body, headers })
  expect((await post('x'.repeat(2_001))).json.error.rule).toBe('api/body-too-large')
  expect((await post('{}\n{}\n{}')).json.error.rule).toBe('api/too-many-operations')
  expect((await post('\n\n')).json.error.rule).toBe('api/no-operations')
  expect((await post('{"a":', JSON_TYPE)).json.error.rule).toBe('api/malformed-request')
  expect((await post('{"__proto__":{}}', JSON_TYPE)).status).toBe(400)
  const { line } = operation(1)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'image/png',
  ])
    expect((await post(line, { 'content-type': type })).status, type).toBe(415)
  expect((await post(line, {})).status).toBe(415)
  expect(node.status.pending + node.status.operations).toBe(0)
})

test('an operation is looked up by id: on the ledger, or not at all', async () => {
  const served = await serve()
  const { id, line } = operation(7, { text: '你好 \u001b[31m' })
  expect((await served.call('GET', `/v1/operations/${id}`)).status).toBe(404)
  await served.call('POST', '/v1/operations', { headers: JSON_TYPE, body: line })
  await committed(served, 1)
  const { json } = await served.call('GET', `/v1/operations/${id}`)
  expect(json).toEqual({ id, position: 0, epoch: 0, pending: false, operation: JSON.parse(line) })
  const bad = await served.call('GET', '/v1/operations/xyz')
  expect(bad.status).toBe(400)
  expect(bad.json.error).toMatchObject({ rule: 'api/bad-parameter', field: 'id' })
})

test('operations are listed in pages, of everybody or of one author, bounded in count and bytes', async () => {
  const served = await serve({ pageBytesMax: 1_000 })
  const all = Array.from({ length: 12 }, (_, at) => operation(at, { author: at % 3 }))
  for (let at = 0; at < all.length; at += 4) {
    const body = all
      .slice(at, at + 4)
      .map(({ line }) => line)
      .join('\n')
    await served.call('POST', '/v1/operations', { headers: LINES_TYPE, body })
    await committed(served, at + 4)
  }
  const ids: string[] = []
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { json } = await served.call('GET', `/v1/operations?from=${from}&limit=3`)
    expect(json.operations.length).toBeLessThanOrEqual(3)
    for (const item of json.operations) expect(item.position).toBe(ids.push(item.id) - 1)
    from = json.next
  }
  expect(ids).toEqual(all.map(({ id }) => id))
  const mine = await served.call('GET', `/v1/operations?author=${authorOf(1)}&from=2&limit=2`)
  expect(mine.json.operations.map((item: { position: number }) => item.position)).toEqual([4, 7])
  expect(mine.json.next).toBe(10)
  const byBytes = await served.call('GET', '/v1/operations?limit=12')
  expect(byBytes.json.operations.length).toBeLessThan(12)
  for (const query of [
    'from=-1',
    'limit=0',
    'limit=1001',
    'limit=x',
    'author=zz',
    'from=1e3',
    'from=1&from=2',
  ])
    expect((await served.call('GET', `/v1/operations?${query}`)).status, query).toBe(400)
})
