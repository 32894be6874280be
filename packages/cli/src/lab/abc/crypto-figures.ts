/**
 * T1 and T3: what cryptography costs on this machine.
 */
import { blsCoin, type CommonCoin, cksCoin } from '@mc/coin'
import { seededRng } from '@mc/crypto'
import { portableBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { nodeCrypto } from '@mc/crypto/node'
import type { CoinKey, SuiteNames } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { committee, drive, type PeerIndex } from '@mc/protocol'
import { hashParts, signatureParts } from '../../bench/parts/crypto-parts.js'
import { figureOf, type PartCase, type PartFigure } from '../../bench/parts/stopwatch.js'
import { threadCpuMs } from '../run/thread-clock.js'

/** How long a dealer took. */
export interface KeyFigure {
  readonly keys: string
  readonly n: number
  readonly cpuMs: number
}

/** T1: hashes, signatures, and whole flips of common coins. */
export const cryptoFigures = (budgetMs: number): readonly PartFigure[] =>
  [...hashParts([nodeCrypto]), ...signatureParts([nodeCrypto]), ...coinParts([4, 7, 16])].map(one =>
    figureOf(one, budgetMs),
  )

const SCHEMES = [
  { name: 'coin/cks', make: (key: CoinKey) => cksCoin(key) },
  { name: 'coin/bls', make: (key: CoinKey) => blsCoin(key) },
] as const

/** One flip at one member: its own share, and those of f others, verified and combined. */
function* coinParts(sizes: readonly number[]): Generator<PartCase> {
  for (const { name, make } of SCHEMES) {
    for (const n of sizes) {
      const coins = dealt(name, n).map(make)
      const rounds = countingFrom(0)
      yield {
        part: name,
        variant: name === 'coin/bls' && nodeBls() !== undefined ? 'node' : 'portable',
        n,
        run: () => flip(coins, n, rounds.next().value as number),
      }
    }
  }
}

function* countingFrom(first: number): Generator<number> {
  for (let number = first; ; number += 1) yield number
}

function flip(coins: readonly CommonCoin<{ readonly share: Uint8Array }>[], n: number, round: number): void {
  const f = Math.floor((n - 1) / 3)
  const member = (self: number) =>
    drive(coins[self] as CommonCoin<{ readonly share: Uint8Array }>, {
      committee: committee({ n, self }),
      domain: ['lab', round],
    })
  const own = member(0)
  own.input('flip')
  for (let other = 1; other <= f; other += 1) {
    for (const { message } of member(other).input('flip').messages) own.message(other as PeerIndex, message)
  }
}

/** T3: what a dealer takes for a committee. */
export const keyFigures = (sizes: readonly number[]): readonly KeyFigure[] =>
  SCHEMES.flatMap(({ name }) =>
    sizes.map(n => {
      const before = threadCpuMs()
      dealt(name, n)
      return { keys: name, n, cpuMs: threadCpuMs() - before }
    }),
  )

function dealt(coin: 'coin/cks' | 'coin/bls', n: number): readonly CoinKey[] {
  const { sha256 } = nodeCrypto
  const names: SuiteNames = { acs: 'acs/bkr', rbc: 'rbc/ct', agreement: 'aba/cobalt', coin }
  const keys = dealSuiteKeys({
    names,
    n,
    rng: seededRng(`lab ${coin} ${n}`, sha256),
    sha256,
    bls: nodeBls() ?? portableBls,
  })
  return keys.map(({ coin: key }) => key as CoinKey)
}
