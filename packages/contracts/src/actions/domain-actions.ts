/** The domains of topics: made, named, ruled, merged and split by topics. */
import type { Action, Domain } from '@mc/topics'
import { type ActionContext, type Flaw, freshId } from './action-context.js'

type DomainAction = Extract<Action, { type: `domain.${string}` }>
type On<T extends DomainAction['type']> = Extract<Action, { type: T }>

/** Carries out an action on domains. */
export function changeDomain(action: DomainAction, context: ActionContext): Flaw {
  switch (action.type) {
    case 'domain.create':
      return create(action, context)
    case 'domain.rename':
      return update(action.domain, context, domain => ({ ...domain, names: action.names }))
    case 'domain.setParameters':
      return update(action.domain, context, domain => ({ ...domain, parameters: action.parameters }))
    case 'domain.setSlots':
      return update(action.domain, context, domain => ({
        ...domain,
        parameters: { ...domain.parameters, activeSlots: action.slots },
      }))
    case 'domain.merge':
      return merge(action, context)
    case 'domain.split':
      return split(action, context)
  }
}

function create({ names, parent, parameters }: On<'domain.create'>, context: ActionContext): Flaw {
  if (parent !== undefined && openDomain(parent, context) === undefined) return 'the parent is no open domain'
  makeDomain({ names, parent, parameters }, context)
  return undefined
}

/**
 * Queued topics move to the other queue, active ones finish where they are, and nothing new comes in. A domain that guards the rules
 * cannot go: "`constitution` cannot be removed".
 */
function merge({ from, into }: On<'domain.merge'>, context: ActionContext): Flaw {
  const source = openDomain(from, context)
  const target = openDomain(into, context)
  if (source === undefined || target === undefined || source === target) return 'need two open domains'
  if (source.isEntrenched) return 'this domain cannot be removed'
  context.overlay.domains.set(from, { ...source, mergedInto: into })
  context.overlay.do({ type: 'requeueAll', from, into })
  return undefined
}

/** The new domain begins with the rules of the old one, and with those of its queued topics that are named. */
function split({ domain, names, topics }: On<'domain.split'>, context: ActionContext): Flaw {
  const old = openDomain(domain, context)
  if (old === undefined) return 'need an open domain'
  for (const topic of topics) {
    const queued = context.overlay.topic(topic)
    if (queued?.state !== 'queued') return 'a topic to be moved is not queued'
    if (context.overlay.domains.get(queued.domain) !== old) return 'a topic to be moved is in another domain'
  }
  const id = makeDomain({ names, parent: old.parent, parameters: old.parameters }, context)
  for (const topic of topics) context.overlay.do({ type: 'requeue', topic, domain: id })
  return undefined
}

function update(id: Uint8Array, context: ActionContext, change: (domain: Domain) => Domain): Flaw {
  const domain = openDomain(id, context)
  if (domain === undefined) return 'need an open domain'
  context.overlay.domains.set(id, change(domain))
  return undefined
}

function openDomain(id: Uint8Array, { overlay }: ActionContext): Domain | undefined {
  const domain = overlay.domains.get(id)
  return domain?.mergedInto === undefined ? domain : undefined
}

function makeDomain(
  fields: Pick<Domain, 'names' | 'parent' | 'parameters'>,
  { overlay, topic, crypto }: ActionContext,
): Uint8Array {
  const id = freshId(overlay.domains, 'mc/domain/v1', topic, crypto.sha256)
  overlay.domains.set(id, { id, ...fields, mergedInto: undefined, isEntrenched: false })
  return id
}
