/** Our own bug: something that must hold did not. The node stops rather than act on a broken state. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
}

/**
 * States what must hold; stays on in production.
 *
 * @throws InvariantViolation if `condition` is false.
 */
export function invariant(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InvariantViolation(`invariant: ${what}`)
}

/**
 * Closes a switch over a union: a forgotten case does not compile.
 *
 * @throws InvariantViolation if it is reached after all.
 */
export function unreachable(value: never): never {
  throw new InvariantViolation(`invariant: no case left for ${JSON.stringify(value)}`)
}
