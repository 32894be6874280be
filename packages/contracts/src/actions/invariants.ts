/** What holds after every execution, whatever its actions did together. */
import { digestKey, type Sha256 } from '@mc/crypto'
import { flawOfParameters, GENESIS_DOMAINS, genesisDomainId, isPresent } from '@mc/topics'
import type { Overlay } from '../execution/overlay.js'
import type { Flaw } from './action-context.js'

/** What a batch would break. */
export function brokenInvariant(overlay: Overlay, sha256: Sha256): Flaw {
  return emptied(overlay) ?? unruled(overlay) ?? unguarded(overlay, sha256) ?? unwatched(overlay)
}

/** Somebody stays. */
function emptied(overlay: Overlay): Flaw {
  const leaving = new Set(
    overlay.changes().flatMap(({ change }) => (change.type === 'add' ? [] : [digestKey(change.member)])),
  )
  const isEmptied =
    leaving.size > 0 &&
    leaving.size >= overlay.view.memberCount &&
    overlay.members.values().every(member => !isPresent(member) || leaving.has(digestKey(member.id)))
  return isEmptied ? 'nobody would be left' : undefined
}

/** Every domain that was written has rules under which topics end. */
function unruled(overlay: Overlay): Flaw {
  return overlay.domains
    .writes()
    .map(({ after }) => after && flawOfParameters(after.parameters))
    .find(flaw => flaw !== undefined)
}

/** The domain of the rules is there, and open. */
function unguarded(overlay: Overlay, sha256: Sha256): Flaw {
  const [constitution] = GENESIS_DOMAINS
  const before = overlay.view.domains.get(genesisDomainId(constitution, sha256))
  const after = overlay.domains.get(genesisDomainId(constitution, sha256))
  const isGone = before !== undefined && (after === undefined || after.mergedInto !== undefined)
  return isGone ? `the domain ${constitution} would be gone` : undefined
}

/** Every attester that was written stands in the register of exceptions. */
function unwatched(overlay: Overlay): Flaw {
  const isWatched = overlay.attesters
    .writes()
    .every(({ after }) => !after || overlay.exceptions.get(after.exception)?.isClosed === false)
  return isWatched ? undefined : 'an attester would stand in no register'
}
