/**
 * Networks that generate the keys of a system on their own log.
 */
import type { Genesis } from '@mc/ledger'
import { CommandError } from '../terminal/failure.js'

/** The rules of a network that keeps records until its keys are there, and runs this system from then on. @throws CommandError */
export async function rulesForKeys(suite: string): Promise<NonNullable<Genesis['rules']>> {
  const [{ GRACE_MS, keyRulesOf }, { needsOf, requireKeyed }] = await Promise.all([
    import('@mc/node/keys'),
    import('../presets.js'),
  ])
  try {
    requireKeyed(suite)
  } catch (error) {
    throw new CommandError('preset/unknown', `--keys: ${(error as Error).message}`, { field: 'keys' })
  }
  return keyRulesOf({ suite, graceMs: GRACE_MS, needs: needsOf(suite) })
}

/** The system that a network runs once its keys are there, if it generates any. */
export async function wantedSuite(genesis: Genesis): Promise<string | undefined> {
  if (genesis.rules === undefined) return undefined
  const { KEY_RULES, keyParametersOf } = await import('@mc/node/keys')
  return genesis.rules.machine === KEY_RULES ? keyParametersOf(genesis).suite : undefined
}
