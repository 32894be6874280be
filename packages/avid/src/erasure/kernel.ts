/**
 * The inner loop of an erasure code, apart from the code: a matrix over GF(2^8) times a block of shards.
 */

/** Multiplies matrices by shards. It holds nothing but working space, so that any number of codes may share one. */
export interface Kernel {
  /** `wasm-simd` or `portable`: for reports only, the bytes are the same. */
  readonly name: string
  /**
   * outputs[r] = Σ_c matrix[r · columns + c] · inputs[c], where columns = inputs.length.
   *
   * All inputs and outputs are equally long, no output overlaps an input, and the matrix has inputs.length × outputs.length
   * bytes: the caller answers for that.
   */
  multiply(matrix: Uint8Array, inputs: readonly Uint8Array[], outputs: readonly Uint8Array[]): void
}
