/** A network of one in this process, with an API: everything that the API shows, and nothing that takes long. */
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  encodeBody,
  type Genesis,
  operationCodec,
  operationId,
  operationToJson,
  signOperation,
} from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { Api, type ApiLimits, LedgerReader, Node, NodeMetrics, nodeSuite } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import { pino } from 'pino'
import { afterEach } from 'vitest'

/** The token that the API of a test wants to see. */
export const TOKEN = 'ab'.repeat(32)

/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly json: any
}

export interface Served {
  readonly node: Node
  readonly api: Api
  readonly reader: LedgerReader
  readonly genesis: Genesis
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Leave the token out. */
  readonly anonymous?: true
}

const running: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop()
})

/** Starts a node and its API; both are stopped after the test. */
export async function serve(limits: Partial<ApiLimits> = {}): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), 'mc-api-'))
  const secretKey = crypto.sha256(new Uint8Array([1]))
  const publicKey = crypto.ed25519.publicKey(secretKey)
  const members = [{ name: 'alone', publicKey, addresses: [hex(publicKey)] }]
  const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
  const genesis: Genesis = { name: 'test', time: 0, configuration }
  const node = await Node.start({
    directory,
    genesis,
    secretKey,
    crypto,
    suite: parts => nodeSuite(waterbearQsQ(parts)),
    transport: memoryNetwork().transport(hex(publicKey)),
  })
  const reader = new LedgerReader(node)
  const metrics = new NodeMetrics(node, join(directory, 'log'))
  const log = pino({ level: 'silent' })
  const api = await Api.start({
    node,
    reader,
    metrics,
    log,
    token: TOKEN,
    host: '127.0.0.1',
    port: 0,
    limits,
  })
  running.push(async () => {
    await api.stop()
    await node.stop()
    await rm(directory, { recursive: true, force: true })
  })
  return { node, api, reader, genesis, call: (...rest) => call(api, ...rest) }
}

/** One request, with every header as the test wants it. */
function call(
  api: Api,
  method: string,
  path: string,
  { headers = {}, body, anonymous }: CallOptions = {},
): Promise<Answer> {
  const authorization = anonymous === true ? {} : { authorization: `Bearer ${TOKEN}` }
  return new Promise((resolve, reject) => {
    const sent = request(`${api.url}${path}`, {
      method,
      agent: false,
      headers: { ...authorization, ...headers },
    })
    sent.on('error', reject)
    sent.on('response', response => {
      const chunks: Buffer[] = []
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        // A stream of events never ends; its head is what is asked for.
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy()
      })
      response.on('close', () => {
        const bytes = Buffer.concat(chunks)
        const isJson = response.headers['content-type']?.startsWith('application/json')
        const json = isJson ? JSON.parse(bytes.toString()) : undefined
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json })
      })
    })
    sent.end(body)
  })
}

const authorKey = (author: number): Uint8Array => crypto.sha256(new Uint8Array([100, author]))

/** The public key of an author, in hexadecimal. */
export const authorOf = (author: number): string => hex(crypto.ed25519.publicKey(authorKey(author)))

/** A signed operation, as JSON text and by id. */
export function operation(created: number, { author = 0, text = `text ${created}`, realm = 'test' } = {}) {
  const unsigned = { realm, kind: 'comment', created, body: encodeBody({ text }) }
  const bytes = signOperation(unsigned, authorKey(author), crypto)
  return {
    id: hex(operationId(bytes, crypto.sha256)),
    bytes,
    line: JSON.stringify(operationToJson(operationCodec.decode(bytes))),
  }
}

/** Resolves once so many operations are on the ledger. */
export async function committed({ node }: Pick<Served, 'node'>, operations: number): Promise<void> {
  if (node.status.operations >= operations) return
  await new Promise<void>(resolve => {
    node.events.on('block', ({ block }) => {
      if (block.operations >= operations) resolve()
    })
  })
}
