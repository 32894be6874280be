/**
 * ristretto255 for proofs over many keys: decoding, multi-scalar multiplication, scalars, hashes into the group.
 *
 * @packageDocumentation
 */
import type { RistrettoEngine } from './ristretto/engine.js'
import { portableRistretto } from './ristretto/portable-engine.js'
import { wasmRistretto } from './ristretto/wasm-engine.js'

export {
  ELEMENT_BYTES,
  GROUP_ORDER,
  joinPoints,
  POINT_BYTES,
  type Points,
  pointAt,
  pointCount,
  type RistrettoEngine,
  SECRET_POINTS_MAX,
} from './ristretto/engine.js'
export { generatorElement, hashToElement } from './ristretto/hash-to-group.js'
export {
  blindForOprf,
  deriveOprfKey,
  evaluateOprf,
  finalizeOprf,
  OPRF_OUTPUT_BYTES,
  OPRF_PROOF_BYTES,
  type OprfAnswer,
  type OprfBlinding,
  type OprfEvaluation,
  type OprfKey,
} from './ristretto/oprf.js'
export {
  decodeScalar,
  encodeScalar,
  hashToScalar,
  randomScalar,
  scalarOf,
  scalarStream,
} from './ristretto/scalar.js'
export { portableRistretto, wasmRistretto }

/** The fastest engine that runs here. It keeps working space: make one per node and hand it on. */
export const ristrettoEngine = (): RistrettoEngine => wasmRistretto() ?? portableRistretto()
