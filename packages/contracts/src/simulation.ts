/**
 * What a program would do: shown to voters before they approve, and again when publicity begins, because the state may have moved.
 *
 * @see contracts.md, section 7
 */
import type {
  Budget,
  Capability,
  Execution,
  ExecutionContext,
  Executor,
  OrganisationDraft,
  OrganisationView,
  Program,
  TopicKind,
} from '@mc/topics'
import { Overlay } from './execution/overlay.js'

/** For whom and when a program would run. */
export interface SimulationPlace {
  readonly topic: Uint8Array
  readonly kind: TopicKind
  readonly domain: Uint8Array
  readonly epoch: number
  /** L in seconds. */
  readonly clock: number
  readonly beacon: Uint8Array
  readonly budget: Budget
  /** What a topic of this kind in this domain may do at most. */
  readonly capabilities: readonly Capability[]
}

/** What a program would do, and what it may. */
export interface Simulation {
  readonly capabilities: readonly Capability[]
  /** The diff and the gas, or why it would fail. */
  readonly execution: Execution
  readonly description: { readonly en: string; readonly zh: string }
}

/**
 * Runs a program on a state and writes nothing down: exactly what execution would do on that state.
 *
 * A program that its kind of topic may not propose fails here with the reason of `validate`.
 */
export function simulate(
  executor: Executor,
  program: Program,
  view: OrganisationView,
  place: SimulationPlace,
): Simulation {
  const description = {
    en: executor.describe?.(program, 'en') ?? '',
    zh: executor.describe?.(program, 'zh') ?? '',
  }
  const validation = executor.validate(program, place.kind, view, place.budget)
  if (!validation.valid) {
    const { reason, gas } = validation
    return { capabilities: [], execution: { outcome: 'failed', gas, reason }, description }
  }
  const context: ExecutionContext = { ...place, view, draft: discardedDraft(view) }
  return { capabilities: validation.capabilities, execution: executor.execute(program, context), description }
}

/** A draft that nobody keeps. */
function discardedDraft(view: OrganisationView): OrganisationDraft {
  const {
    members,
    domains,
    parameters,
    mandates,
    exceptions,
    attesters,
    contractTypes,
    modules,
    registry,
    scheduled,
  } = new Overlay(view)
  return {
    ...{ org: view.org, clock: view.clock, membershipEpoch: view.membershipEpoch },
    ...{ memberCount: view.memberCount, seatCount: view.seatCount, changes: view.changes },
    ...{
      members,
      domains,
      parameters,
      mandates,
      exceptions,
      attesters,
      contractTypes,
      modules,
      registry,
      scheduled,
    },
    memberByKey: key => view.memberByKey(key),
    flawOfCandidate: candidate => view.flawOfCandidate(candidate),
    topic: id => view.topic(id),
    enqueueChange: () => undefined,
    // The batch has made sure that these topics are queued.
    requeue: () => true,
    requeueAll: () => undefined,
    endMandate: () => undefined,
    emit: () => undefined,
  }
}
