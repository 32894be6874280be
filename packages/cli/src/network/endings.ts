/**
 * How a running network may end: its work is done, somebody interrupts it, a member ends.
 */

/** Milliseconds in which the reason of a failure may still show. */
const REASON_MS = 1_000

/** Resolves when somebody interrupts this process; a second time ends it at once. */
export function interruption(): Promise<'interrupted'> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'))
  })
}

/**
 * The first of several ends. When one fails, `last` may know why: a request fails because a member has ended.
 *
 * @throws what `last` rejects with, if it does so in time; what failed first otherwise.
 */
export async function firstOf<T>(first: Promise<T>, ...rest: readonly Promise<T | never>[]): Promise<T> {
  try {
    return await Promise.race([first, ...rest])
  } catch (error) {
    const last = rest.at(-1) ?? first
    await Promise.race([last, new Promise(resolve => setTimeout(resolve, REASON_MS))])
    throw error
  }
}
