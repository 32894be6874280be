/**
 * Hands one operation to nodes and waits until it is on the ledger.
 *
 * It is handed to every node that is known, since a node that holds it alone may be slow to get it into a block; one that takes it
 * is enough.
 */
import type { ApiClient } from '../client/api-client.js'
import { CommandError, FAILED } from '../terminal/failure.js'

/** Where an operation is on the ledger. */
export interface Placed {
  readonly id: string
  readonly position: number
  readonly epoch: number
}

/** Milliseconds between two questions, the first and the longest, and until it is given up. */
const STEP_MS = { first: 20, max: 400 } as const
const ANSWER_MS_MAX = 60_000

/** Refusals that say it is here already. */
const HERE_ALREADY = ['node/already-pending', 'ledger/duplicate-operation']

/**
 * Hands in an operation, its bytes in hexadecimal.
 *
 * @throws CommandError with the rule and the numbers if it is refused, `api/unreachable` if no node takes it, `network/standstill`
 *   if it is not agreed on in time.
 */
export async function handIn(
  clients: readonly ApiClient[],
  { id, operation }: { readonly id: string; readonly operation: string },
): Promise<Placed> {
  const line = JSON.stringify({ operation })
  const asked = clients.map(client => offered(client, line).then(() => client))
  // A node that is ahead of another may take what that one refuses; if none takes it, the first one's reason counts.
  const taker = await Promise.any(asked).catch(async () => await (asked[0] as Promise<ApiClient>))
  await Promise.allSettled(asked)
  return placed(taker, id, line)
}

async function offered(client: ApiClient, line: string): Promise<void> {
  const { items } = await client.submit([line])
  const refusal = items[0]?.refusal
  if (refusal === undefined || HERE_ALREADY.includes(refusal.rule)) return
  throw new CommandError(refusal.rule, refusal.message, {
    exitCode: FAILED,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
  })
}

async function placed(client: ApiClient, id: string, line: string): Promise<Placed> {
  const until = performance.now() + ANSWER_MS_MAX
  for (let step: number = STEP_MS.first; performance.now() < until; step = Math.min(2 * step, STEP_MS.max)) {
    const standing = await client.operation(id).catch(error => {
      if (error instanceof CommandError && error.rule === 'api/not-found') return undefined
      throw error
    })
    // It waited, was not agreed on, and is forgotten: the same operation is offered again.
    if (standing === undefined) await offered(client, line)
    else if ('refusal' in standing) {
      const { rule, message } = standing.refusal
      throw new CommandError(rule, message, { exitCode: FAILED })
    } else if (!standing.pending) return { id, position: standing.position, epoch: standing.epoch }
    await new Promise(resolve => setTimeout(resolve, step))
  }
  const text = `operation ${id} was not agreed on within ${ANSWER_MS_MAX / 1_000} s; it may still be`
  throw new CommandError('network/standstill', text, { exitCode: FAILED })
}
