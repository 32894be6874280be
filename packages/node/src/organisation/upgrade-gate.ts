/**
 * Between the machine of an organisation and its node: what was decided about the protocol takes force, or the node stops.
 *
 * No block is applied to a state whose modules this software does not have, and none is finished that puts such a module in force:
 * so a node without it stops at the last block that it could compute as all others do, and goes on from there once it has it.
 */
import type { Applied, BlockInput, Configuration, RecordedMachine } from '@mc/ledger'
import type { TopicsState } from '@mc/topics'
import type { Software } from './software.js'

/** What the gate needs besides the machine. */
export interface UpgradeGateOptions {
  readonly software: Software
  /** The suite of the network's first configuration. */
  readonly firstSuite: string
}

/** The machine, whose `apply` throws MissingModule rather than go on without a module that was decided on. */
export function withUpgrades(
  machine: RecordedMachine<TopicsState>,
  { software, firstSuite }: UpgradeGateOptions,
): RecordedMachine<TopicsState> {
  return {
    ...machine,
    apply: (state, block) => {
      software.require(state)
      const applied = machine.apply(state, block)
      software.require(applied.state)
      const configuration = nextConfiguration(applied, block, software.suiteIn(applied.state, firstSuite))
      return configuration === undefined ? applied : { ...applied, configuration }
    },
  }
}

/**
 * The configuration that is to follow, with the suite that was decided on.
 *
 * While another one waits to take force nothing is decided: the suite is still another one then, and is asked for again.
 */
function nextConfiguration(
  { configuration }: Applied<TopicsState>,
  block: BlockInput,
  suite: string | undefined,
): Configuration | undefined {
  const { keySet: _, ...base } = configuration ?? block.configuration
  if (suite === undefined || base.suite === suite) return configuration
  if (block.decided !== undefined) return configuration
  // Keys belong to the suite that they were made for.
  return { ...base, suite }
}
