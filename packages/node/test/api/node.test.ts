import { expect, test } from 'vitest'
import { committed, operation, serve } from './harness.js'

test('status, health and genesis say who and how the node is; health tells nothing else', async () => {
  const { call } = await serve()
  expect((await call('GET', '/v1/health', { anonymous: true })).json).toEqual({ status: 'ok' })
  const { json } = await call('GET', '/v1/status')
  expect(json).toMatchObject({ api: 1, name: 'test', member: 0, members: 1, state: 'voting', operations: 0 })
  expect((await call('GET', '/v1/genesis')).json.name).toBe('test')
})

test('a configuration is told by index and by digest; one that nobody has announced is not found', async () => {
  const { call } = await serve()
  const { json } = await call('GET', '/v1/configurations/0')
  expect(json).toMatchObject({
    index: 0,
    firstEpoch: 0,
    suite: 'waterbear-qs-q',
    members: [{ name: expect.any(String) }],
  })
  const { json: status } = await call('GET', '/v1/status')
  expect(status.configuration).toEqual({ index: 0, firstEpoch: 0, digest: json.digest })
  expect((await call('GET', `/v1/configurations/${json.digest}`)).json).toEqual(json)
  for (const [name, code] of [
    ['1', 404],
    ['ff'.repeat(32), 404],
    ['latest', 400],
  ] as const) {
    expect((await call('GET', `/v1/configurations/${name}`)).status).toBe(code)
  }
})

test('metrics count blocks, operations, refusals by rule, and the time from submit to commit', async () => {
  const served = await serve()
  const headers = { 'content-type': 'application/x-ndjson' }
  await served.call('POST', '/v1/operations', {
    headers,
    body: `${operation(1).line}\n${operation(2).line}\n{}`,
  })
  await committed(served, 2)
  const text = (await served.call('GET', '/metrics')).bytes.toString()
  expect(text).toContain('mc_operations_committed_total 2')
  expect(text).toContain('mc_operations_refused_total{rule="ledger/malformed-operation"} 1')
  expect(text).toContain('mc_commit_latency_seconds_count 2')
  expect(text).toMatch(/mc_blocks_total [12]\n/)
  expect(text).toMatch(/mc_log_bytes [1-9]\d*\n/)
  expect(text).toContain('mc_operations 2')
  expect(text).toContain('process_resident_memory_bytes')
})

test('a node that stops answers what it has begun and hears nobody after that', async () => {
  const { call, api } = await serve()
  await call('GET', '/v1/status')
  await api.stop()
  await expect(call('GET', '/v1/status')).rejects.toThrow()
})
