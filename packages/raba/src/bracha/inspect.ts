/**
 * A look inside, for scripted attacks: the adversary of the model reads all states. Not part of the package's interface.
 */
import { BrachaAgreement, type BrachaView } from './bracha-agreement.js'

/** @throws TypeError unless `protocol` is Bracha's agreement. */
export function inspect(protocol: object): BrachaView {
  if (!(protocol instanceof BrachaAgreement)) throw new TypeError('inspect: not an agreement of Bracha')
  return protocol.view()
}
