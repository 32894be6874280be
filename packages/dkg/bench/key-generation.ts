/**
 * What one key costs: processor time per member, messages and bytes of the whole network. Time from a busy machine means little.
 *
 * Run from the root:
 * esbuild packages/dkg/bench/key-generation.ts --bundle --platform=node --format=esm --conditions=@mc/source \
 *   --external:@chainsafe/blst --external:@subspace/* --outfile=node_modules/.cache/bench.mjs && node node_modules/.cache/bench.mjs
 */
import { type Rng, seededRng } from '@mc/crypto'
import { blsG1 } from '@mc/crypto/bls'
import { sealedBoxes } from '@mc/crypto/dkg'
import { portableCrypto } from '@mc/crypto/portable'
import { type PrimeGroup, ristretto255 } from '@mc/crypto/threshold'
import { type AuthoredOperation, dyxAdkg, type LedgerDkgOutput, ledgerDkg } from '@mc/dkg'
import { committee, drive, peer } from '@mc/protocol'
import { quadraticAba } from '@mc/raba'
import { brachaRbc } from '@mc/rbc'
import { simulate } from '@mc/sim'

const { sha256 } = portableCrypto
const boxes = sealedBoxes({ group: ristretto255, sha256 })
const rngOf = (name: string): Rng => seededRng(name, sha256)
const keysOf = (n: number) => Array.from({ length: n }, (_, index) => boxes.generate(rngOf(`box ${index}`)))

const timed = <Result>(work: () => Result): readonly [Result, number] => {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return [result, (user + system) / 1000]
}

/** Everybody deals in one batch and acknowledges in the next. `liars` seal wrong rows for `liars` others each. */
function ledger<Element>(name: string, group: PrimeGroup<Element>, n: number, liars: number): string {
  const keys = keysOf(n)
  const members = keys.map(({ secretKey }, self) => {
    const lying = {
      ...boxes,
      publicKeyOf: (key: Uint8Array) => boxes.publicKeyOf(key),
      isPublicKey: (key: Uint8Array) => boxes.isPublicKey(key),
      open: (...box: Parameters<typeof boxes.open>) => boxes.open(...box),
      seal: (options: Parameters<typeof boxes.seal>[0]) =>
        boxes.seal({
          ...options,
          messages: options.messages.map((one, at) => (at < liars ? one.map(byte => byte ^ 1) : one)),
        }),
    } as typeof boxes
    const chosen = self >= n - liars ? lying : boxes
    const options = { group, sha256, boxes: chosen, boxSecretKey: secretKey, rng: rngOf(`member ${self}`) }
    return drive(ledgerDkg(options), {
      committee: committee({ n, self }),
      domain: ['bench'],
      boxKeys: keys.map(({ publicKey }) => publicKey),
    })
  })
  let operations: AuthoredOperation[] = []
  let bytes = 0
  let count = 0
  const times = members.map(() => 0)
  const keep = (index: number, outputs: readonly LedgerDkgOutput[]): AuthoredOperation[] =>
    outputs.flatMap(output =>
      output.type === 'submit' ? [{ author: peer(index), bytes: output.operation }] : [],
    )
  const all = (work: (member: (typeof members)[0], index: number) => readonly LedgerDkgOutput[]): void => {
    const next = members.flatMap((member, index) => {
      const [outputs, ms] = timed(() => work(member, index))
      times[index] = (times[index] as number) + ms
      return keep(index, outputs)
    })
    operations = next
    count += next.length
    bytes += next.reduce((sum, one) => sum + one.bytes.length, 0)
  }
  all(member => member.input({ type: 'generate' }).outputs)
  while (operations.length > 0) {
    const batch = operations
    all(member => member.input({ type: 'ordered', operations: batch }).outputs)
  }
  const mean = times.reduce((sum, ms) => sum + ms, 0) / n
  return `ledger ${name} n=${n} liars=${liars}: ${Math.round(mean)} ms per member, at most ${Math.round(Math.max(...times))}; ${count} operations, ${bytes} bytes`
}

function dyx(n: number): string {
  const keys = keysOf(n)
  const [run, ms] = timed(() =>
    simulate({
      seed: 1,
      n,
      protocol: ({ index, random }) =>
        dyxAdkg({
          group: ristretto255,
          sha256,
          boxes,
          boxSecretKey: (keys[index] as { readonly secretKey: Uint8Array }).secretKey,
          rng: random,
          rbc: brachaRbc({ sha256, payloadBytesMax: 100_000 }),
          aba: coin => quadraticAba({ coin }),
        }),
      params: size => ({
        committee: size,
        domain: ['bench'],
        boxKeys: keys.map(({ publicKey }) => publicKey),
      }),
      inputs: () => 'generate' as const,
      encoded: true,
      deliveriesMax: 10_000_000,
    }),
  )
  const { messages, bytes, depth } = run.cost
  const done = run.outputs.filter(({ length }) => length === 1).length
  return `dyx ristretto255 n=${n}: ${Math.round(ms / n)} ms per member, simulator included; ${messages} messages, ${bytes} bytes, ${depth} steps; ${done} keys`
}

for (const n of [4, 7, 16]) {
  const f = Math.floor((n - 1) / 3)
  for (const liars of [0, f]) {
    console.log(ledger('ristretto255', ristretto255, n, liars))
    console.log(ledger('bls12-381-g1', blsG1, n, liars))
  }
  console.log(dyx(n))
}
