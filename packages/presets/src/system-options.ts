/**
 * What systems are given beside their parts.
 */
import type { Sha256 } from '@mc/crypto'
import { type BrachaMessage, brachaRbc, type Rbc } from '@mc/rbc'
import type { SuiteKeys } from './keys.js'
import type { SuiteOptions } from './suite.js'

/** What a system over shared keys is made of; `Kind` says which it needs. */
export interface KeyedOptions<Kind extends keyof SuiteKeys>
  extends Omit<SuiteOptions<never>, 'name' | 'acs'> {
  /** This member's hold on the keys. Those that a dealer knew need `purpose: 'benchmark'`. */
  readonly keys: Required<Pick<SuiteKeys, Kind>>
  /** The largest payload of one proposal, in bytes; 4 MiB by default. */
  readonly payloadBytesMax?: number
}

/** 4 MiB. */
export const PAYLOAD_BYTES_MAX: number = 4 * 2 ** 20

/** Carries the votes of agreements by broadcast: one byte each, for which no erasure code is worth its header. */
export const voteRbc = (sha256: Sha256): Rbc<BrachaMessage> => brachaRbc({ sha256, payloadBytesMax: 1 })

/** Carries sets of members: a bit each, for up to 256 of them. */
export const setRbc = (sha256: Sha256): Rbc<BrachaMessage> => brachaRbc({ sha256, payloadBytesMax: 32 })
