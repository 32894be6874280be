/**
 * A file of signed operations, one JSON object in each line.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  encodeBody,
  OperationJsonError,
  operationCodec,
  operationFromJson,
  operationId,
  operationToJson,
  signOperation,
} from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { CommandError } from '../terminal/failure.js'

/** A line that holds an operation. */
export interface FileOperation {
  /** Number of the line, from 1. */
  readonly line: number
  readonly id: string
  readonly realm: string
  readonly text: string
}

/** A line that is not handed in, and why. */
export interface BadLine {
  readonly line: number
  readonly rule: string
  readonly message: string
  readonly field?: string
}

/** What a file holds. */
export interface OperationsFile {
  readonly operations: readonly FileOperation[]
  readonly bad: readonly BadLine[]
}

/** How lines are signed that come without a signature. */
export interface Signing {
  readonly secretKey: Uint8Array
  readonly realm: string
}

/** Longest line, in characters: an operation of 64 KiB fits however it is escaped. */
const LINE_CHARACTERS_MAX = 512 * 1024

/**
 * Reads a file, or standard input for `-`. Every line that can be an operation is one; every other is named.
 *
 * @throws CommandError if the file cannot be read.
 */
export async function readOperations(path: string, signing?: Signing): Promise<OperationsFile> {
  const input = path === '-' ? process.stdin : createReadStream(path)
  const operations: FileOperation[] = []
  const bad: BadLine[] = []
  const lines = new Map<string, number>()
  let line = 0
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1
      if (text.trim() === '') continue
      const read = readLine(text, line, signing)
      const first = 'id' in read ? lines.get(read.id) : undefined
      if (!('id' in read)) bad.push(read)
      else if (first === undefined) {
        lines.set(read.id, line)
        operations.push(read)
      } else bad.push(duplicate(line, first))
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : message
    throw new CommandError('input/unreadable', `${path} cannot be read: ${reason}`, { field: 'ops' })
  }
  return { operations, bad }
}

/** A bad line in words. */
export const badLineText = ({ line, rule, message }: BadLine): string => `line ${line}: ${message} (${rule})`

function readLine(text: string, line: number, signing: Signing | undefined): FileOperation | BadLine {
  if (text.length > LINE_CHARACTERS_MAX) {
    const message = `${text.length} characters, need at most ${LINE_CHARACTERS_MAX}`
    return { line, rule: 'input/line-too-long', message }
  }
  try {
    const value: unknown = JSON.parse(text)
    const isUnsigned =
      signing !== undefined && (value as { signature?: unknown } | null)?.signature === undefined
    const bytes = isUnsigned ? signed(value, signing) : operationFromJson(value)
    const { realm } = operationCodec.decode(bytes)
    const wire = isUnsigned ? JSON.stringify(operationToJson(operationCodec.decode(bytes))) : text
    return { line, id: hex(operationId(bytes, crypto.sha256)), realm, text: wire }
  } catch (error) {
    if (error instanceof OperationJsonError)
      return { line, rule: 'input/malformed-operation', message: error.message, field: error.field }
    return { line, rule: 'input/malformed-line', message: `no JSON (${(error as Error).message})` }
  }
}

/** Signs `{ kind, body, created? }`; the time is now unless it is given. */
function signed(value: unknown, { secretKey, realm }: Signing): Uint8Array {
  const { kind, body, created = Date.now() } = value as Readonly<Record<string, unknown>>
  if (typeof kind !== 'string') throw new OperationJsonError('kind', 'need a text')
  if (!Number.isSafeInteger(created) || (created as number) < 0)
    throw new OperationJsonError('created', 'need milliseconds since 1970 as a whole number')
  const unsigned = { realm, kind, created: created as number, body: encodeBody(body) }
  return signOperation(unsigned, secretKey, crypto)
}

const duplicate = (line: number, first: number): BadLine => ({
  line,
  rule: 'input/duplicate-operation',
  message: `the same operation as line ${first}`,
})
