/**
 * Systems for measurements: with keys from a dealer where they need any, who would know them all in a network.
 */
import { seededRng } from '@mc/crypto'
import { portableBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { nodeCrypto } from '@mc/crypto/node'
import { nodeSuite, type SuiteMaker } from '@mc/node'
import { PRESETS } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { type MakeSuite, needsOf, SUITES } from '../suites.js'

/** The system of one of n members. Every member deals for itself, with the same outcome. @throws RangeError for an unknown name. */
export function benchSuite(preset: string, n: number, self: number): SuiteMaker {
  const make = SUITES[preset]
  if (make === undefined) throw new RangeError(`no preset "${preset}"`)
  const keys = dealtKeys(preset, n, self)
  return ({ configuration: _, self: __, keys: ___, ...parts }) =>
    nodeSuite(make({ ...parts, ...(keys && { keys, purpose: 'benchmark' }) }))
}

/** The fingerprint of a system among n members, as measured nodes run it. */
export function benchFingerprint(preset: string, n: number): string {
  const keys = dealtKeys(preset, n, 0)
  const { sha256 } = nodeCrypto
  const make = SUITES[preset] as MakeSuite
  return make({ rng: { bit: () => 0 }, sha256, ...(keys && { keys, purpose: 'benchmark' }) }).fingerprint
}

function dealtKeys(preset: string, n: number, self: number) {
  const entry = PRESETS.find(({ name }) => name === preset)
  if (entry === undefined || needsOf(preset).length === 0) return undefined
  const { sha256 } = nodeCrypto
  const rng = seededRng(`bench dealer ${preset} ${n}`, sha256)
  return dealSuiteKeys({ names: entry.parts, n, rng, sha256, bls: nodeBls() ?? portableBls })[self]
}
