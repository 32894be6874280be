/**
 * A look inside, for scripted attacks: the adversary of the model reads all states. Not part of the package's interface.
 */
import { CubicAgreement, type CubicView } from './cubic-agreement.js'

/** @throws TypeError unless `protocol` is a cubic agreement. */
export function inspect(protocol: object): CubicView {
  if (!(protocol instanceof CubicAgreement)) throw new TypeError('inspect: not a cubic agreement')
  return protocol.view()
}
