import { products } from './galois.js'
import type { Kernel } from './kernel.js'

/** The kernel in plain TypeScript: runs everywhere, some twenty times slower than the WebAssembly one, same bytes. */
export function portableKernel(): Kernel {
  const tables: (Uint8Array | undefined)[] = []
  const tableOf = (coefficient: number): Uint8Array => {
    tables[coefficient] ??= products(coefficient)
    return tables[coefficient]
  }
  return {
    name: 'portable',
    multiply: (matrix, inputs, outputs) =>
      outputs.forEach((output, row) => {
        output.fill(0)
        inputs.forEach((input, column) => {
          addProduct(output, input, tableOf(matrix[row * inputs.length + column] as number))
        })
      }),
  }
}

function addProduct(output: Uint8Array, input: Uint8Array, table: Uint8Array): void {
  for (let at = 0; at < output.length; at += 1) {
    output[at] = (output[at] as number) ^ (table[input[at] as number] as number)
  }
}
