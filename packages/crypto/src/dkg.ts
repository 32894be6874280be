/**
 * The mathematics of keys without a dealer: committed polynomials, batch verification, boxes that one member alone can open.
 *
 * @packageDocumentation
 */
export {
  type BivariateOptions,
  bivariateCommitmentLength,
  commitBivariate,
  type RowClaim,
  rowOf,
  SymmetricBivariate,
  type ValueClaim,
  verifyRows,
  verifyValues,
} from './dkg/bivariate.js'
export { decodeElements, encodeElements } from './dkg/elements.js'
export {
  commitPolynomial,
  committedValue,
  type ElementAt,
  interpolateAt,
  keySetOf,
  keySetThrough,
  lagrangeAt,
  type PointClaim,
  type PolynomialOptions,
  randomPolynomial,
  verifyPoints,
} from './dkg/feldman.js'
export type { BatchSetting } from './dkg/random-combination.js'
export {
  type BoxFor,
  type BoxKeys,
  type Disclosed,
  type Disclosure,
  type Possession,
  type SealedBoxes,
  type SealedFor,
  type SealOptions,
  sealedBoxes,
} from './dkg/sealed-boxes.js'
export { signerBoxKey, signerBoxSecretKey } from './dkg/signer-boxes.js'
