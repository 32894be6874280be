/**
 * What a genesis says of the keys that a network generates on its own log.
 */
import type { NeededKey } from '@mc/dkg'
import { type Genesis, GenesisError, type GenesisRules } from '@mc/ledger'
import { type Codec, DecodeError, list, struct, text, uint } from '@mc/protocol/wire'

/** The name of these rules in a genesis. */
export const KEY_RULES = 'records-with-keys'

/** How long members who announced no box key are waited for once n − f have, unless a genesis says otherwise. */
export const GRACE_MS = 10_000

/** What the keys are for. All members must share it, so it stands in the genesis. */
export interface KeyParameters {
  /** The suite that runs once its keys are there. */
  readonly suite: string
  /** In ms of the logical clock. */
  readonly graceMs: number
  /** The keys that the suite needs. */
  readonly needs: readonly NeededKey[]
}

const keyParametersCodec: Codec<KeyParameters> = struct({
  suite: text({ bytesMax: 64 }),
  graceMs: uint({ max: 3_600_000 }),
  needs: list(struct({ purpose: text({ bytesMax: 32 }), group: text({ bytesMax: 64 }) }), { max: 8 }),
})

/** The rules of a network that keeps records, and generates keys for a suite. */
export const keyRulesOf = (parameters: KeyParameters): GenesisRules => ({
  machine: KEY_RULES,
  parameters: keyParametersCodec.encode(parameters),
})

/** What a genesis says of keys. @throws GenesisError if it has other rules, or they say nothing. */
export function keyParametersOf({ rules }: Pick<Genesis, 'rules'>): KeyParameters {
  if (rules?.machine !== KEY_RULES) {
    throw new GenesisError('rules.machine', `need "${KEY_RULES}", got ${rules?.machine ?? 'nothing'}`)
  }
  try {
    const parameters = keyParametersCodec.decode(rules.parameters)
    if (parameters.needs.length === 0) throw new DecodeError('a suite that needs no key can run at once')
    return parameters
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new GenesisError('rules.parameters', error.message)
  }
}
