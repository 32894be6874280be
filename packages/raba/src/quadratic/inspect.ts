/**
 * A look inside, for scripted attacks: the adversary of the model reads all states. Not part of the package's interface.
 */
import { QuadraticAgreement, type QuadraticView } from './quadratic-agreement.js'

/** @throws TypeError unless `protocol` is a quadratic agreement. */
export function inspect(protocol: object): QuadraticView {
  if (!(protocol instanceof QuadraticAgreement)) throw new TypeError('inspect: not a quadratic agreement')
  return protocol.view()
}
