/** An executor that knows what the tests need: words of tier 0, in a few lines each. */
import { domainHash, type Sha256 } from '@mc/crypto'
import { utf8 } from '@mc/protocol/wire'
import {
  type Action,
  capabilityOf,
  type Execution,
  type ExecutionContext,
  type Executor,
  isPresent,
  memberIdOf,
} from '@mc/topics'

/** Fails after having written half, where the first action is the event "fail". */
export function fakeExecutor(sha256: Sha256, options: { readonly custom?: () => boolean } = {}): Executor {
  const apply = (actions: readonly Action[], context: ExecutionContext): Execution => {
    for (const action of actions) {
      if (!context.capabilities.includes(capabilityOf(action))) {
        return { outcome: 'failed', gas: 1, reason: `may not ${action.type}` }
      }
      const flaw = run(action, context, sha256)
      if (flaw !== undefined) return { outcome: 'failed', gas: 1, reason: flaw }
    }
    return { outcome: 'executed', gas: actions.length, diff: [] }
  }
  return {
    name: 'fake',
    version: 1,
    validate: program =>
      program.type === 'actions'
        ? { valid: true, capabilities: program.actions.map(capabilityOf), gas: 1 }
        : { valid: false, reason: 'no contracts here', gas: 1 },
    execute: (program, context) =>
      program.type === 'actions'
        ? apply(program.actions, context)
        : { outcome: 'failed', gas: 0, reason: 'no contracts here' },
    apply,
    holds: () => options.custom?.() ?? false,
  }
}

function run(action: Action, context: ExecutionContext, sha256: Sha256): string | undefined {
  const { draft, topic, clock } = context
  switch (action.type) {
    case 'event.emit':
      draft.emit(action.name, action.payload)
      return action.name === 'fail' ? 'asked to fail' : undefined
    case 'registry.set': {
      if (action.cid === undefined) return void draft.registry.delete(utf8(action.key))
      draft.registry.set(utf8(action.key), { key: action.key, cid: action.cid, topic, setL: clock })
      return undefined
    }
    case 'parameter.set':
      draft.parameters.set(utf8(action.name), { name: action.name, value: action.value })
      return undefined
    case 'domain.setParameters': {
      const domain = draft.domains.get(action.domain)
      if (domain === undefined) return 'no such domain'
      draft.domains.set(domain.id, { ...domain, parameters: action.parameters })
      return undefined
    }
    case 'domain.merge': {
      const from = draft.domains.get(action.from)
      if (from === undefined) return 'no such domain'
      draft.domains.set(from.id, { ...from, mergedInto: action.into })
      draft.requeueAll(action.from, action.into)
      return undefined
    }
    case 'domain.create': {
      const id = domainHash(sha256, 'fake/domain', topic)
      draft.domains.set(id, { ...action, id, mergedInto: undefined, isEntrenched: false })
      return undefined
    }
    case 'domain.split':
      return action.topics.every(one => draft.requeue(one, action.domain)) ? undefined : 'not queued'
    case 'member.add': {
      const flaw = draft.flawOfCandidate(action)
      if (flaw !== undefined) return flaw
      const id = memberIdOf(action.key, sha256)
      const member = {
        id,
        keys: [{ key: action.key, from: 0 }],
        seat: action.seat && { ...action.seat, isReady: false },
        state: 'active' as const,
        joinedEpoch: 0,
        frozenBy: [],
        sponsor: action.sponsor,
        guardians: [],
        inSince: 0,
        recovery: undefined,
      }
      draft.enqueueChange({ type: 'add', member })
      return undefined
    }
    case 'member.remove': {
      const member = draft.members.get(action.member)
      if (member === undefined || !isPresent(member)) return 'stale: not a member'
      draft.enqueueChange({ type: 'remove', member: action.member })
      return undefined
    }
    case 'mandate.grant': {
      const { type: _, term, ...rest } = action
      const id = domainHash(sha256, 'fake/mandate', topic)
      const reportDue = clock + action.reportEvery
      draft.mandates.set(id, {
        ...rest,
        id,
        termEnd: clock + term,
        reportDue,
        reportsMissed: 0,
        isEnded: false,
      })
      return undefined
    }
    case 'mandate.revoke':
      draft.endMandate(action.mandate)
      return undefined
    case 'exception.open': {
      const { type: _, ...rest } = action
      const id = domainHash(sha256, 'fake/exception', topic)
      draft.exceptions.set(id, { ...rest, id, isClosed: false })
      return undefined
    }
    case 'schedule.at': {
      const id = domainHash(sha256, 'fake/schedule', topic)
      draft.scheduled.set(id, { id, topic, dueL: action.clock, actions: action.actions })
      return undefined
    }
    case 'protocol.upgrade': {
      const module = draft.modules.get(utf8(action.module))
      const pending = {
        topic,
        manifest: action.manifest,
        isUrgent: action.isUrgent,
        decidedL: clock,
        ready: [],
      }
      draft.modules.set(utf8(action.module), {
        name: action.module,
        current: module?.current,
        probation: undefined,
        pending,
      })
      return undefined
    }
    default:
      return `the fake does not know ${action.type}`
  }
}
