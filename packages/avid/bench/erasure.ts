/**
 * MB/s of payload through the erasure code, one thread, copies included. Decoding is the worst case: the last k shards only,
 * the matrix inverted already. Figures from a busy machine mean nothing.
 *
 * Run from the root:
 * esbuild packages/avid/bench/erasure.ts --bundle --platform=node --format=esm --conditions=@mc/source | node --input-type=module
 */
import { erasureCode, type Kernel, portableKernel, wasmKernel } from '@mc/avid'

const sizes = [
  [4, 2],
  [7, 3],
  [16, 6],
  [31, 11],
  [64, 22],
  [100, 34],
] as const

function bestMegabytesPerSecond(payloadBytes: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  const until = performance.now() + 300
  while (performance.now() < until) {
    const began = performance.now()
    work()
    best = Math.min(best, performance.now() - began)
  }
  return Math.round(payloadBytes / best / 1e3)
}

function measure(kernel: Kernel, n: number, k: number, payloadBytes: number): string {
  const length = Math.ceil(payloadBytes / k)
  const data = Uint8Array.from({ length: k * length }, (_, at) => (at * 2_654_435_761) >>> 13)
  const code = erasureCode({ n, k, kernel })
  const parityOnly = code.encode(data).map((shard, index) => (index >= n - k ? shard : undefined))
  const encode = bestMegabytesPerSecond(payloadBytes, () => code.encode(data))
  const decode = bestMegabytesPerSecond(payloadBytes, () => code.decode(parityOnly))
  return `${kernel.name.padEnd(9)} n=${n} k=${k} ${payloadBytes / 1024} KiB: encode ${encode} MB/s, decode ${decode} MB/s`
}

const wasm = wasmKernel()
for (const [n, k] of sizes) {
  for (const payloadBytes of [4_096, 65_536, 1_048_576]) {
    if (wasm) console.log(measure(wasm, n, k, payloadBytes))
  }
}
for (const [n, k] of sizes.slice(0, 3)) console.log(measure(portableKernel(), n, k, 65_536))
