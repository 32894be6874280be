/**
 * Batches: what is decided is written to a draft, which is kept whole or dropped whole.
 *
 * @see topics.md, section 13; contracts.md, section 4
 */
import type { Refusal } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import type { Action } from '../action/action.js'
import { CAPABILITIES, type Capability } from '../action/capability.js'
import type { Execution } from '../executor.js'
import type { Program } from '../operation/program.js'
import type { Mandate } from '../organisation/office.js'
import type { Topic } from '../topic/topic.js'
import { Draft } from './draft.js'
import { capabilitiesOf, flawOfProgram } from './programs.js'
import { emit, rulesOf, type Turn } from './turn.js'

/** Steps and bytes of what conditions bring about. */
export const CONVERSION_BUDGET = { gas: 1_000_000, storageBytes: 262_144 } as const

/** Runs a program on a draft, which is kept if it succeeds, and dropped whole if not. */
export function execute(
  turn: Turn,
  topic: Topic,
  program: Program,
): Execution & { readonly waiting: number } {
  const { gasExecution: gas, storageBytes } = rulesOf(turn, topic)
  return carryOut(turn, topic, draft =>
    turn.tools.executor.execute(program, {
      ...factsOf(turn, topic),
      budget: { gas, storageBytes },
      capabilities: capabilitiesOf(turn, topic),
      view: draft,
      draft,
    }),
  )
}

/** What a program would do if it won now, and what it may: nothing of it stays. */
export function dryRun(
  turn: Turn,
  topic: Topic,
  program: Program,
):
  | { readonly refusal: Refusal }
  | { readonly capabilities: readonly Capability[]; readonly execution: Execution } {
  const flaw = flawOfProgram(turn, topic, program)
  if (flaw !== undefined) return { refusal: flaw }
  const { gasExecution: gas, storageBytes } = rulesOf(turn, topic)
  const capabilities = capabilitiesOf(turn, topic)
  const draft = new Draft(turn, topic.id)
  draft.begin()
  try {
    const context = {
      ...factsOf(turn, topic),
      budget: { gas, storageBytes },
      capabilities,
      view: draft,
      draft,
    }
    return { capabilities, execution: turn.tools.executor.execute(program, context) }
  } finally {
    draft.rollback()
  }
}

/** Runs actions that a condition, a schedule or the end of a mandate brings. */
export function applyActions(
  turn: Turn,
  topic: Topic | undefined,
  actions: readonly Action[],
  capabilities: readonly Capability[] = CAPABILITIES,
): Execution {
  if (actions.length === 0) return { outcome: 'executed', gas: 0, diff: [] }
  return carryOut(turn, topic, draft => applied(turn, topic, actions, capabilities, draft))
}

const factsOf = ({ block, tools }: Turn, topic: Topic | undefined) => ({
  topic: topic?.id ?? NO_TOPIC,
  kind: topic?.kind ?? ('contract' as const),
  domain: topic?.domain ?? tools.constitution,
  epoch: block.epoch,
  clock: block.clock,
  beacon: block.beacon,
})

const NO_TOPIC = new Uint8Array(32)

/** What a batch came to, how much of it waits, and which mandates it took away. */
type Carried = Execution & { readonly waiting: number; readonly revoked: readonly Mandate[] }

/** One batch, and what the ends of the mandates that it revoked bring: each of these a batch of its own. */
function carryOut(turn: Turn, topic: Topic | undefined, run: (draft: Draft) => Execution): Carried {
  const carried = onDraft(turn, topic, run)
  const revoked = [...carried.revoked]
  // What one end brings may revoke another mandate: the list grows while it is walked, and every mandate ends once.
  for (const { id, onConvert } of revoked) {
    if (onConvert.length === 0) continue
    const after = onDraft(turn, undefined, draft => applied(turn, undefined, onConvert, CAPABILITIES, draft))
    revoked.push(...after.revoked)
    if (after.outcome === 'failed')
      emit(turn, 'conversion-failed', { mandate: hex(id), reason: after.reason })
  }
  return carried
}

function onDraft(turn: Turn, topic: Topic | undefined, run: (draft: Draft) => Execution): Carried {
  const draft = new Draft(turn, topic?.id)
  draft.begin()
  const execution = run(draft)
  if (execution.outcome === 'executed') {
    draft.commit()
    return { ...execution, waiting: draft.waiting, revoked: draft.revoked }
  }
  draft.rollback()
  return { ...execution, waiting: 0, revoked: [] }
}

const applied = (
  turn: Turn,
  topic: Topic | undefined,
  actions: readonly Action[],
  capabilities: readonly Capability[],
  draft: Draft,
): Execution =>
  turn.tools.executor.apply(actions, {
    ...factsOf(turn, topic),
    budget: CONVERSION_BUDGET,
    capabilities,
    view: draft,
    draft,
  })
