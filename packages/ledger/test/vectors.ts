/** Bytes that may change only on purpose: what is signed, named and stored. */
import { readFileSync } from 'node:fs'
import type { OperationJson } from '@mc/ledger'

interface Vectors {
  readonly operation: { readonly encoded: string; readonly id: string; readonly json: OperationJson }
  readonly genesis: { readonly network: string; readonly configuration: string }
  readonly block: { readonly encoded: string; readonly cid: string }
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('ledger.vectors.json', import.meta.url), 'utf8'),
)
