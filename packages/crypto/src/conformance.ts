/**
 * The laws of a `CryptoProvider`, to be run by any test runner against any provider.
 *
 * @packageDocumentation
 */
import { describeEd25519 } from './conformance/ed25519-laws.js'
import { describeRng } from './conformance/rng-laws.js'
import type { ConformanceRunner } from './conformance/runner.js'
import { describeSha256 } from './conformance/sha256-laws.js'
import type { CryptoProvider } from './provider.js'

export { describeBls } from './conformance/bls-laws.js'
export {
  BLS_EDGE_VECTORS,
  BLS_VECTORS,
  type BlsEdgeVector,
  type BlsVector,
} from './conformance/bls-vectors.js'
export { ED25519_EDGE_VECTORS, type Ed25519EdgeVector } from './conformance/ed25519-edge-vectors.js'
export { ED25519_VECTORS, type Ed25519Vector } from './conformance/ed25519-vectors.js'
export {
  describePrimeGroup,
  type GroupLawsOptions,
  type HashToGroupVector,
} from './conformance/group-laws.js'
export { insecureGroup } from './conformance/insecure-group.js'
export { describeRng } from './conformance/rng-laws.js'
export type { ConformanceRunner } from './conformance/runner.js'
export { SHA256_VECTORS, type Sha256Vector } from './conformance/sha256-vectors.js'

/** Declares one test per law; a provider that passes them may replace any other. */
export function describeCryptoProvider(provider: CryptoProvider, runner: ConformanceRunner): void {
  runner.describe(`CryptoProvider: ${provider.name}`, () => {
    describeSha256(provider.sha256, runner)
    describeEd25519(provider.ed25519, runner)
    describeRng(provider.rng, runner)
  })
}
