/**
 * Erasure coding, and dispersal that anybody can verify.
 *
 * @packageDocumentation
 */
export {
  type ErasureCode,
  type ErasureCodeOptions,
  erasureCode,
  fastestKernel,
} from './erasure/erasure-code.js'
export { cauchyGenerator, type Generator, matrixGenerator } from './erasure/generator.js'
export type { Kernel } from './erasure/kernel.js'
export { portableKernel } from './erasure/portable-kernel.js'
export { wasmKernel } from './erasure/wasm-kernel.js'
