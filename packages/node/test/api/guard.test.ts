import { ApiError } from '@mc/node'
import { expect, test } from 'vitest'
import { Guard } from '../../src/api/guard.js'
import { serve, TOKEN } from './harness.js'

const pathOf = (url: string): string =>
  url.replace(':id', '0'.repeat(64)).replace(':operationId', '0'.repeat(64)).replace(':name', '0')

test('every route refuses a foreign Host, a foreign Origin, and who has no token; only health needs none', async () => {
  const { api, call } = await serve()
  expect(api.routes.length).toBeGreaterThanOrEqual(14)
  for (const { method, url, isPublic } of api.routes) {
    const name = `${method} ${url}`
    const ask = (headers: Record<string, string>, anonymous?: true) =>
      call(String(method), pathOf(url), { headers, ...(anonymous === undefined ? {} : { anonymous }) })
    expect((await ask({ host: 'evil.test' })).status, name).toBe(403)
    expect((await ask({ host: `evil.test:${api.port}` })).status, name).toBe(403)
    expect((await ask({ host: '127.0.0.1' })).status, name).toBe(403)
    expect((await ask({ origin: 'null' })).status, name).toBe(403)
    expect((await ask({ origin: 'https://evil.test' })).status, name).toBe(403)
    expect((await ask({ origin: `https://127.0.0.1:${api.port}` })).status, name).toBe(403)
    expect((await ask({}, true)).status, name).toBe(isPublic ? 200 : 401)
    expect((await ask({ authorization: `Bearer ${'00'.repeat(32)}` })).status === 401, name).toBe(!isPublic)
    expect((await ask({ authorization: `Basic ${TOKEN}` })).status === 401, name).toBe(!isPublic)
    expect([401, 403], name).not.toContain((await ask({ origin: api.url })).status)
    expect([401, 403], name).not.toContain((await ask({ host: `localhost:${api.port}` })).status)
  }
  expect(api.routes.filter(({ isPublic }) => isPublic).map(({ url }) => url)).toEqual(['/v1/health'])
})

test('what is under no route is refused in the same way, and errors are JSON', async () => {
  const { call } = await serve()
  expect((await call('GET', '/admin', { anonymous: true })).status).toBe(401)
  expect((await call('GET', '/admin', { headers: { host: 'evil.test' } })).status).toBe(403)
  const { status, json } = await call('GET', '/admin')
  expect(status).toBe(404)
  expect(json).toEqual({ error: { rule: 'api/no-route', message: expect.any(String) } })
  expect((await call('OPTIONS', '/v1/operations', { headers: { origin: 'https://evil.test' } })).status).toBe(
    403,
  )
})

test('the token never comes back, and no answer is cached', async () => {
  const { api, call } = await serve()
  for (const { method, url } of api.routes) {
    const { bytes, headers } = await call(String(method), pathOf(url))
    expect(`${bytes}${JSON.stringify(headers)}`, url).not.toContain(TOKEN)
    expect(headers['cache-control'], url).toBe('no-store')
    expect(headers['access-control-allow-origin'], url).toBeUndefined()
  }
})

test('who calls too often is told so, and may call again as time goes on', () => {
  let now = 0
  const limits = { requestsPerSecond: 10, requestsBurst: 3 }
  const guard = new Guard({ token: TOKEN, host: '127.0.0.1', port: 1, origins: [], limits, now: () => now })
  const ask = () =>
    guard.check({ host: '127.0.0.1:1', origin: undefined, authorization: `Bearer ${TOKEN}`, isPublic: false })
  for (let count = 0; count < 3; count += 1) ask()
  expect(ask).toThrow(expect.objectContaining({ status: 429 }) as ApiError)
  now += 100
  ask()
  expect(ask).toThrow(ApiError)
})

test('an origin that was allowed may call, another may not', () => {
  const limits = { requestsPerSecond: 10, requestsBurst: 10 }
  const origins = ['https://page.test']
  const guard = new Guard({ token: TOKEN, host: '::1', port: 1, origins, limits, now: () => 0 })
  const ask = (origin: string, host = '[::1]:1') =>
    guard.check({ host, origin, authorization: `bearer ${TOKEN}`, isPublic: false })
  ask('https://page.test')
  ask('http://[::1]:1')
  expect(() => ask('https://page.test.evil.test')).toThrow('origins')
  expect(() => ask('https://page.test', '[::1]:2')).toThrow('own address')
})
