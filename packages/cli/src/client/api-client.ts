/**
 * Talks to the API of a node.
 */
import type {
  BlockEventJson,
  BlockJson,
  BlockSummaryJson,
  CertificateJson,
  ErrorJson,
  NamedConfigurationJson,
  OperationProofJson,
  PlacedOperationJson,
  RefusedOperationJson,
  StateEventJson,
  StatusJson,
  SubmissionsJson,
} from '@mc/node/client'
import { CommandError, FAILED } from '../terminal/failure.js'
import { eventsOf } from './event-stream.js'

/** Where an API is, and what it wants to see. */
export interface ApiAddress {
  /** `http://127.0.0.1:4101` */
  readonly url: string
  readonly token: string
}

/** A block with the ids of its operations, something that happened in its state, or else: a fault, a sign of life. */
export type NodeEventJson =
  | { readonly type: 'block'; readonly block: BlockEventJson }
  | { readonly type: 'state'; readonly event: StateEventJson }
  | { readonly type: 'other' }

/** Where an operation is: on the ledger, waiting, or agreed on and not accepted. */
export type OperationStandingJson =
  | PlacedOperationJson
  | RefusedOperationJson
  | { readonly id: string; readonly pending: true }

/** A page of a list, and where it goes on. */
type PageOf<Name extends string, Item> = Readonly<Record<Name, readonly Item[]>> & { readonly next?: number }

/** Milliseconds for one answer. */
const ANSWER_MS_MAX = 30_000

/** The API of one node. Every method throws CommandError with the rule of the API, or `api/unreachable`. */
export class ApiClient {
  readonly url: string
  readonly #token: string

  constructor({ url, token }: ApiAddress) {
    this.url = url
    this.#token = token
  }

  status(): Promise<StatusJson> {
    return this.#json('/v1/status')
  }

  /** Hands in operations, each a line of JSON. Refusals are part of the answer. */
  submit(lines: readonly string[]): Promise<SubmissionsJson> {
    return this.#json('/v1/operations', {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    })
  }

  operation(id: string): Promise<OperationStandingJson> {
    return this.#json(`/v1/operations/${encodeURIComponent(id)}`)
  }

  /** What a path of this API answers. */
  get<T>(path: string): Promise<T> {
    return this.#json(path)
  }

  /** What a path of this API answers to a JSON object. */
  post<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' }
    return this.#json(path, { method: 'POST', body: JSON.stringify(body), headers })
  }

  operations(query: Readonly<Record<string, string>>): Promise<PageOf<'operations', PlacedOperationJson>> {
    return this.#json(`/v1/operations?${new URLSearchParams(query)}`)
  }

  blocks(from: number, limit: number): Promise<PageOf<'blocks', BlockSummaryJson>> {
    return this.#json(`/v1/blocks?from=${from}&limit=${limit}`)
  }

  block(name: string): Promise<BlockJson> {
    return this.#json(`/v1/blocks/${encodeURIComponent(name)}`)
  }

  async blockBytes(name: string): Promise<Uint8Array> {
    const response = await this.#fetch(`/v1/blocks/${encodeURIComponent(name)}/raw`)
    return new Uint8Array(await response.arrayBuffer())
  }

  /** A configuration, by index or digest. */
  configuration(name: string): Promise<NamedConfigurationJson> {
    return this.#json(`/v1/configurations/${encodeURIComponent(name)}`)
  }

  certificate(name: string): Promise<CertificateJson> {
    return this.#json(`/v1/blocks/${encodeURIComponent(name)}/certificate`)
  }

  proof(operationId: string): Promise<OperationProofJson> {
    return this.#json(`/v1/proofs/${encodeURIComponent(operationId)}`)
  }

  /** What the node tells until the signal, a sign of life first; ends if the node does. */
  async *events(signal: AbortSignal): AsyncGenerator<NodeEventJson, void, undefined> {
    const response = await this.#fetch('/v1/events?ids=1', { signal }, false)
    if (response.body === null) return
    for await (const { event, data } of eventsOf(response.body)) {
      if (event === 'block') yield { type: 'block', block: JSON.parse(data) }
      else if (event === 'state') yield { type: 'state', event: JSON.parse(data) }
      else yield { type: 'other' }
    }
  }

  async #json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.#fetch(path, init)
    return (await response.json()) as T
  }

  async #fetch(path: string, init: RequestInit = {}, isShort = true): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.#token}` }
    const signal = isShort ? AbortSignal.timeout(ANSWER_MS_MAX) : (init.signal ?? null)
    const response = await fetch(`${this.url}${path}`, { ...init, headers, signal }).catch(cause => {
      throw new CommandError(
        'api/unreachable',
        `no node answers at ${this.url} (${reasonOf(cause)}): is it running?`,
        { exitCode: FAILED },
      )
    })
    // A request of several operations says 207 or 422 if some or all were refused; its body says which and why.
    if (response.ok || (response.status === 422 && init.method === 'POST')) return response
    const { error } = (await response.json().catch(() => ({}))) as Partial<ErrorJson>
    const { rule = 'api/failed', message = `HTTP status ${response.status}`, field } = error ?? {}
    throw new CommandError(rule, message, {
      exitCode: response.status === 400 ? 2 : FAILED,
      ...(field === undefined ? {} : { field }),
    })
  }
}

function reasonOf(error: Error): string {
  const { code } = (error.cause ?? {}) as { code?: string }
  return code ?? error.message
}
