/** Ids as people type them: the beginning is enough while it fits one thing only. */
import { CommandError } from '../terminal/failure.js'

/** Something with an id in hexadecimal. */
export interface Named {
  readonly id: string
}

/** Digits of an id in lists for people: enough to tell thousands apart. */
const SHORT_DIGITS = 10

/** The beginning of an id, for people; any longer or shorter beginning is understood. */
export const short = (id: string | undefined): string => (id === undefined ? '' : id.slice(0, SHORT_DIGITS))

/**
 * The one thing whose id begins like this.
 *
 * @throws CommandError `input/unknown-id` if there is none, `input/ambiguous-id` that names the first few if there are more.
 */
export function byPrefix<T extends Named>(what: string, text: string, things: readonly T[]): T {
  const wanted = text.toLowerCase()
  if (!/^[0-9a-f]{1,64}$/.test(wanted)) {
    throw new CommandError('input/malformed-id', `${what} "${text}": need up to 64 hexadecimal digits`, {
      field: what,
    })
  }
  const found = things.filter(({ id }) => id.startsWith(wanted))
  const [first, second] = found
  if (first === undefined)
    throw new CommandError('input/unknown-id', `no ${what} begins with ${wanted}`, { field: what })
  if (second === undefined) return first
  const ids = found.slice(0, 5).map(({ id }) => id.slice(0, wanted.length + 6))
  throw new CommandError(
    'input/ambiguous-id',
    `${found.length} of ${what} begin with ${wanted}: ${ids.join(', ')}${found.length > 5 ? ' …' : ''}`,
    { field: what },
  )
}
