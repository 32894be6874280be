import { EventEmitter } from 'node:events'
import { get, type ServerResponse } from 'node:http'
import type { Node } from '@mc/node'
import { DEFAULT_API_LIMITS } from '@mc/node'
import { expect, test } from 'vitest'
import { EventStreams } from '../../src/api/event-streams.js'
import { operation, type Served, serve, TOKEN } from './harness.js'

const LINES_TYPE = { 'content-type': 'application/x-ndjson' }

/** The text of the stream until it holds something. */
function listen({ api }: Served, query: string, until: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    get(`${api.url}/v1/events${query}`, { headers, agent: false }, response => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
        if (until(text)) response.destroy()
      })
      response.on('close', () => resolve(text))
    }).on('error', reject)
  })
}

test('listeners hear the status at once, and of every block, with ids if they ask', async () => {
  const served = await serve()
  const { id, line } = operation(1)
  const withIds = listen(served, '?ids=1', text => text.includes('event: block'))
  const without = listen(served, '', text => text.includes('event: block'))
  await listen(served, '', text => text.includes('event: status'))
  await served.call('POST', '/v1/operations', { headers: LINES_TYPE, body: line })
  expect(await withIds).toContain(`"ids":["${id}"]`)
  expect(await without).toMatch(
    /event: block\ndata: \{"epoch":0,"cid":"bafy[^\n]*"accepted":1,"refused":0\}\n\n/,
  )
})

test('a heartbeat shows that the node lives', async () => {
  const served = await serve({ heartbeatMs: 5 })
  const text = await listen(served, '', so => so.split('event: status').length > 3)
  expect(text).toContain('"state":"voting"')
})

test('listeners are counted, and one too many is refused', async () => {
  const served = await serve({ listenersMax: 1 })
  const first = get(`${served.api.url}/v1/events`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    agent: false,
  })
  await new Promise(resolve => first.on('response', response => response.once('data', resolve)))
  const second = await served.call('GET', '/v1/events')
  expect(second.status).toBe(503)
  expect(second.json.error.rule).toBe('api/too-many-listeners')
  first.destroy()
})

test('a listener that does not read is cut off when its buffer is full, the others hear on', () => {
  const node = { events: new EventEmitter(), status: {} } as unknown as Node
  const streams = new EventStreams(node, { ...DEFAULT_API_LIMITS, listenerBytesMax: 1_000 })
  const fake = (reads: boolean) => {
    const response = Object.assign(new EventEmitter(), {
      writableLength: 0,
      heard: 0,
      isDestroyed: false,
      writeHead: () => {},
      end: () => {},
      write(text: string) {
        this.heard += 1
        if (!reads) this.writableLength += text.length
      },
      destroy() {
        this.isDestroyed = true
      },
    })
    streams.open(response as unknown as ServerResponse, false)
    return response
  }
  const [quick, slow] = [fake(true), fake(false)]
  for (let count = 0; count < 50; count += 1)
    node.events.emit('fault', { rule: 'rbc/x', detail: 'y'.repeat(50) } as never)
  expect(slow.isDestroyed).toBe(true)
  expect(slow.writableLength).toBeLessThanOrEqual(1_000)
  expect(quick.heard).toBe(51)
  streams.close()
})
