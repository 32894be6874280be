/**
 * Hands one operation to nodes and waits until it is on the ledger.
 *
 * It is handed to every node that is known, since a node that holds it alone may be slow to get it into a block; one that takes it
 * is enough.
 */
import type { ApiClient } from '../client/api-client.js'
import { CommandError, FAILED } from '../terminal/failure.js'

/** An operation, its bytes in hexadecimal. */
export interface HandedIn {
  readonly id: string
  readonly operation: string
  /** What it asks for, as errors name it: `vote`, `join` … */
  readonly what?: string
}

/** Where an operation is on the ledger. */
export interface Placed {
  readonly id: string
  readonly position: number
  readonly epoch: number
}

/** Milliseconds between two questions, the first and the longest, and until it is given up. */
const STEP_MS = { first: 20, max: 200 } as const
const ANSWER_MS_MAX = 60_000

/** Refusals that say it is here already. */
const HERE_ALREADY = ['node/already-pending', 'ledger/duplicate-operation']

/**
 * Hands in an operation. Whoever reads from the first node afterwards finds it there, if that node took it.
 *
 * @throws CommandError with the rule and the numbers if it is refused, `api/unreachable` if no node takes it, `network/standstill`
 *   if it is not agreed on in time.
 */
export async function handIn(clients: readonly ApiClient[], handed: HandedIn): Promise<Placed> {
  const asked = await Promise.allSettled(clients.map(client => offer(client, handed)))
  // A node that is ahead of another may take what that one refuses; if none takes it, the first reason that is one counts.
  const taker = clients[asked.findIndex(({ status }) => status === 'fulfilled')]
  if (taker !== undefined) return placed(taker, handed)
  const reasons = asked.flatMap(one => (one.status === 'rejected' ? [one.reason as Error] : []))
  throw reasons.find(one => (one as CommandError).rule !== 'api/unreachable') ?? reasons[0]
}

/** Where an operation is on the ledger by now, as one node knows; nothing if it is not there. */
export async function standing(client: ApiClient, id: string): Promise<Placed | undefined> {
  const found = await client.operation(id).catch(orAbsent)
  return found === undefined || 'refusal' in found || found.pending
    ? undefined
    : { id, position: found.position, epoch: found.epoch }
}

async function offer(client: ApiClient, { operation, what }: HandedIn): Promise<void> {
  const { items } = await client.submit([JSON.stringify({ operation })])
  const refusal = items[0]?.refusal
  if (refusal !== undefined && !HERE_ALREADY.includes(refusal.rule)) throw refused(refusal, what)
}

async function placed(client: ApiClient, handed: HandedIn): Promise<Placed> {
  const { id, what } = handed
  const until = performance.now() + ANSWER_MS_MAX
  for (let step: number = STEP_MS.first; performance.now() < until; step = Math.min(2 * step, STEP_MS.max)) {
    const found = await client.operation(id).catch(orAbsent)
    // It waited, was not agreed on, and is forgotten: the same operation is offered again.
    if (found === undefined) await offer(client, handed)
    else if ('refusal' in found) throw refused(found.refusal, what)
    else if (!found.pending) return { id, position: found.position, epoch: found.epoch }
    await new Promise(resolve => setTimeout(resolve, step))
  }
  const text = `operation ${id} was not agreed on within ${ANSWER_MS_MAX / 1_000} s; it may still be`
  throw new CommandError('network/standstill', text, { exitCode: FAILED })
}

interface Refusal {
  readonly rule: string
  readonly message: string
  readonly field?: string
}

/** Every refusal says what was refused, also those whose rule does not know. */
const refused = ({ rule, message, field }: Refusal, what: string | undefined): CommandError =>
  new CommandError(
    rule,
    what === undefined || message.includes(' refused: ') ? message : `${what} refused: ${message}`,
    {
      exitCode: FAILED,
      field,
    },
  )

function orAbsent(error: unknown): undefined {
  if (error instanceof CommandError && error.rule === 'api/not-found') return undefined
  throw error
}
