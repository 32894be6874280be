/**
 * What the catalogue says of a part and of a system: data for tables, command lines and generated documents.
 *
 * Nothing here composes anything. Tests compare what can be compared with the descriptors and with counted messages.
 */
import type { SuiteNames } from '../compose/names.js'
import type { ProposalSelection } from '../suite.js'

/** What a part is for. */
export type PartRole =
  | 'acs'
  | 'rbc'
  | 'dispersal'
  | 'commitment'
  | 'aba'
  | 'raba'
  | 'coin'
  | 'election'
  | 'mvba'
  | 'mvc'
  | 'retrieval'
  | 'gather'
  | 'encryption'

/** `as its parts`: it adds nothing of its own, and is as good as what it is made of. */
export type Holds = 'yes' | 'no' | 'as its parts'

/** What has to be there before the first message, beside authenticated channels. */
export type SetUp = 'none' | 'shared key' | 'as its parts'

/**
 * `default`: what runs unless another is chosen. `stable`: its rules are published and followed. `derived`: reconstructed or
 * strengthened here. `historical`: kept to show a flaw. `benchmark only`: refused by suites for a network.
 */
export type Status = 'default' | 'stable' | 'derived' | 'historical' | 'benchmark only'

/** One part. */
export interface PartEntry {
  /** The name in its descriptor. */
  readonly name: string
  readonly role: PartRole
  /** The function that makes it, and the package that exports it. */
  readonly factory: string
  readonly from: string
  /** The wire version in its descriptor. */
  readonly wireVersion: number
  /** What it is, in one line. */
  readonly title: string
  readonly paper: string
  readonly setUp: SetUp
  /** Whether it holds against an adversary that corrupts in the course of the run. */
  readonly adaptive: Holds
  /** Whether it holds against quantum computers, as far as the channels do. */
  readonly quantum: Holds
  /** Asynchronous steps on the common path. */
  readonly steps: string
  /** Point-to-point messages of all members together, copies to oneself included. */
  readonly messages: string
  /** Bytes on all links together; |M| is the payload, κ the hash. */
  readonly bytes: string
  readonly status: Status
  /** Where it is not what the paper says. */
  readonly deviates?: string
  /** Adversaries and scripted attacks of its tests. */
  readonly attackedBy: readonly string[]
}

/** How a system agrees on a set of proposals. */
export type Family = 'n ABAs' | 'n RABAs' | 'MVBA' | 'vector consensus'

/** One system. */
export interface PresetEntry {
  /** The name of its suite, as `mc` calls it. */
  readonly name: string
  readonly factory: string
  readonly title: string
  readonly paper: string
  readonly family: Family
  /** The same system for `composeSuite`. */
  readonly parts: SuiteNames
  readonly setUp: 'none' | 'shared keys'
  readonly adaptive: boolean
  readonly quantum: boolean
  readonly steps: string
  readonly messages: string
  readonly bytes: string
  readonly slots: 'f + 2' | 'n − f'
  /** How members choose what to propose. */
  readonly selection: ProposalSelection
  readonly status: Status
  readonly deviates: readonly string[]
  readonly attackedBy: readonly string[]
}
