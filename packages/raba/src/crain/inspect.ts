/**
 * A look inside, for scripted attacks: the adversary of the model reads all states. Not part of the package's interface.
 */
import { CrainAgreement, type CrainView } from './crain-agreement.js'

/** @throws TypeError unless `protocol` is Crain's agreement. */
export function inspectCrain(protocol: object): CrainView {
  if (!(protocol instanceof CrainAgreement)) throw new TypeError('inspect: not an agreement of Crain')
  return protocol.view()
}
