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
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { type PrimeGroup, ristretto255 } from '@mc/crypto/threshold'
import {
  type AuthoredOperation,
  dyxAdkg,
  type Generation,
  KeyMember,
  type KeyStatement,
  keyedMachine,
  type LedgerDkgOutput,
  ledgerDkg,
  type NetworkKeysSetting,
  plainOperations,
  signKeyStatement,
} from '@mc/dkg'
import { type Configuration, signedOperations } from '@mc/ledger'
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

/** Boxes that hold something else for the first members than what they should. */
const lyingTo = (victims: number): typeof boxes =>
  ({
    ...boxes,
    publicKeyOf: (key: Uint8Array) => boxes.publicKeyOf(key),
    isPublicKey: (key: Uint8Array) => boxes.isPublicKey(key),
    open: (...box: Parameters<typeof boxes.open>) => boxes.open(...box),
    seal: (options: Parameters<typeof boxes.seal>[0]) =>
      boxes.seal({
        ...options,
        messages: options.messages.map((one, at) => (at < victims ? one.map(byte => byte ^ 1) : one)),
      }),
  }) as typeof boxes

/** Everybody deals in one batch and acknowledges in the next. `liars` seal wrong rows for `liars` others each. */
function ledger<Element>(name: string, group: PrimeGroup<Element>, n: number, liars: number): string {
  const keys = keysOf(n)
  const members = keys.map(({ secretKey }, self) => {
    const chosen = self >= n - liars ? lyingTo(liars) : boxes
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

/** The keys of BEAT0 on the log of a network: signatures, state machine, two key generations, and our share of both. */
function network(n: number, liars: number): string {
  const secretKeys = keysOf(n).map((_, index) => rngOf(`signer ${index}`).bytes(32))
  const first: Configuration = {
    index: 0,
    firstEpoch: 0,
    suite: 'waterbear-qs-q',
    depth: 1,
    members: secretKeys.map(secretKey => ({
      name: '',
      publicKey: nodeCrypto.ed25519.publicKey(secretKey),
      addresses: [],
    })),
  }
  const needs = ['coin', 'encryption'].map(purpose => ({ purpose, group: ristretto255.name }))
  const settingOf = (own: typeof boxes): NetworkKeysSetting => ({
    sha256: nodeCrypto.sha256,
    boxes: own,
    groups: new Map([[ristretto255.name, ristretto255 as never]]),
    needs,
    graceMs: 10_000,
    network: new Uint8Array(32),
    wanted: 'beat0',
  })
  const times = secretKeys.map(() => 0)
  const work = <Result>(index: number, run: () => Result): Result => {
    const [result, ms] = timed(run)
    times[index] = (times[index] as number) + ms
    return result
  }
  const members = secretKeys.map((secretKey, index) => {
    const signed = signedOperations({ realm: 'bench', crypto: nodeCrypto })
    const setting = settingOf(index >= n - liars ? lyingTo(liars) : boxes)
    const inner = plainOperations(signed, nodeCrypto.sha256)
    const machine = keyedMachine({ machine: inner, realm: 'bench', signed, setting, first })
    const rng = rngOf(`network member ${index}`)
    return { secretKey, machine, state: machine.genesis(), setting, own: boxes.generate(rng), rng, signed }
  })
  const parts: (KeyMember | undefined)[] = members.map(() => undefined)
  const said = (index: number): readonly KeyStatement[] => {
    const { state, own, setting, rng } = members[index] as (typeof members)[0]
    const generation = state.keys.generations.at(-1) as Generation
    const { id } = generation
    if (!generation.isOpen) return [{ type: 'box', generation: id, boxKey: own.publicKey }]
    parts[index] ??= new KeyMember({
      generation,
      setting,
      self: peer(index),
      boxSecretKey: own.secretKey,
      rng,
    })
    return (parts[index] as KeyMember).advance(generation, true).statements
  }
  const sign = (statement: KeyStatement, secretKey: Uint8Array): Uint8Array =>
    signKeyStatement(statement, { realm: 'bench', created: 0 }, secretKey, nodeCrypto)
  let [bytes, count] = [0, 0]
  for (let epoch = 0; ; epoch += 1) {
    const operations = members.flatMap(({ secretKey, signed }, index) =>
      work(index, () =>
        said(index).map(statement => {
          const operation = sign(statement, secretKey)
          return { proposer: index, id: signed.id(operation), bytes: operation }
        }),
      ),
    )
    if (operations.length === 0) break
    count += operations.length
    bytes += operations.reduce((sum, one) => sum + one.bytes.length, 0)
    const beacon = { label: 'chain', value: new Uint8Array(32) } as const
    const block = { epoch, time: epoch, clock: epoch, beacon, configuration: first, operations }
    for (const [index, member] of members.entries()) {
      member.state = work(index, () => member.machine.apply(member.state, block)).state
    }
  }
  if (!parts.every(part => part?.keys !== undefined)) throw new Error('somebody has no share')
  const mean = times.reduce((sum, ms) => sum + ms, 0) / n
  return `network, keys of BEAT0, n=${n} liars=${liars}: ${Math.round(mean)} ms per member, at most ${Math.round(Math.max(...times))}; ${count} operations, ${bytes} bytes`
}

for (const n of [4, 7, 16]) {
  const f = Math.floor((n - 1) / 3)
  for (const liars of [0, f]) {
    console.log(ledger('ristretto255', ristretto255, n, liars))
    console.log(ledger('bls12-381-g1', blsG1, n, liars))
    console.log(network(n, liars))
  }
  console.log(dyx(n))
}
