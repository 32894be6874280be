/**
 * Prints, as JSON, the state root after every block of some histories, and where and when it believes to be.
 *
 * A program of its own, to be run by several Node versions, in several locales and time zones: `MC_HISTORIES` says how many.
 */
import { domainHash, seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { hex, utf8 } from '@mc/protocol/wire'
import { type Played, play, playOut } from '../histories/history.js'
import { Seen } from '../histories/holds.js'
import type { Village } from '../village.js'

const { sha256 } = nodeCrypto

/** The roots of one history, and what its blocks told. */
function rootsOf(history: number, seen: Seen): readonly string[] {
  const rng = seededRng(`replay ${history}`, sha256)
  const lines: string[] = []
  const onBlock = (village: Village, played: Played): void => {
    const { receipts, events = [] } = played.applied
    const told = utf8(JSON.stringify([receipts.map(one => one.accepted), events]))
    lines.push(hex(domainHash(sha256, 'replay', village.machine.root(village.state), told)))
    seen.note(played)
  }
  const village = play(rng.bytes(100 + rng.below(300)), onBlock)
  playOut(village, onBlock)
  for (const { kind, privacy } of village.state.tables.topics.values()) seen.kinds.add(kind).add(privacy)
  return lines
}

const seen = new Seen()
const histories = Array.from({ length: Number(process.env['MC_HISTORIES'] ?? 4) }, (_, at) =>
  rootsOf(at, seen),
)
const where = {
  node: process.versions.node,
  locale: new Intl.DateTimeFormat().resolvedOptions().locale,
  order: ['I', 'ı', 'i', 'İ', 'h'].sort(new Intl.Collator().compare).join(''),
  number: (1234.5).toLocaleString(),
  noon: new Date(0).getHours(),
}
const states = [...seen.states].sort()
console.log(JSON.stringify({ where, histories, states, kinds: [...seen.kinds].sort() }))
