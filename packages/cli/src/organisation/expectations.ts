/** What somebody expects who joins a topic: windows and size of meetings. */
import type { DomainParameters, JoinParams } from '@mc/topics'
import type { Command } from 'commander'
import { numberFrom } from '../terminal/lists.js'
import { durationFrom } from './duration.js'
import type { Plain } from './organisation-client.js'
import { textsHere } from './texts/texts.js'

/** The flags of expectations. */
export interface ExpectationFlags {
  readonly meet?: number
  readonly publicity?: number
  readonly capacity?: number
}

/** Unless somebody says otherwise: three days to meet, a week to look at the decision, nine at a table. */
const USUAL: JoinParams = { meet: 3 * 86_400, publicity: 7 * 86_400, capacity: 9 }

/** Adds the flags of expectations. */
export function expecting(command: Command): Command {
  const { flags } = textsHere()
  return command
    .option('--meet <time>', flags.meet, durationFrom)
    .option('--publicity <time>', flags.publicity, durationFrom)
    .option('--capacity <count>', flags.capacity, numberFrom(1, 2 ** 32))
}

/** What the flags say, within the bounds of a domain: what the ledger would make of it. */
export function expectationsFrom(flags: ExpectationFlags, rules: Plain<DomainParameters>): JoinParams {
  const within = (value: number, { min, max }: { readonly min: number; readonly max: number }): number =>
    Math.min(max, Math.max(min, value))
  return {
    meet: within(flags.meet ?? USUAL.meet, rules.meet),
    publicity: within(flags.publicity ?? USUAL.publicity, rules.publicity),
    capacity: within(flags.capacity ?? USUAL.capacity, rules.capacity),
  }
}
