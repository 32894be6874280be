/**
 * A look inside, for scripted attacks: the adversary of the model reads all states. Not part of the package's interface.
 */
import { CobaltAgreement, type CobaltView } from './cobalt-agreement.js'

/** @throws TypeError unless `protocol` is an agreement over a common coin. */
export function inspectCobalt(protocol: object): CobaltView {
  if (!(protocol instanceof CobaltAgreement))
    throw new TypeError('inspect: not an agreement over a common coin')
  return protocol.view()
}
