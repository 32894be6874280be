/**
 * What members say, as facts that must never contradict each other: one key for each word that a member may say once.
 *
 * Left out are the words that may legally differ: pre-votes (both bits), requests and repeats of votes (`sync-req`,
 * `sync-rep`), announcements (they only grow).
 */
import { createHash } from 'node:crypto'

const MAY_DIFFER = ['prevote', 'sync-req', 'sync-rep']

/** The words of a message to `to` that may be said in one way only, as keys and values. */
export function utterancesOf(message, to) {
  if (message.type === 'announce') return []
  const { epoch, message: part } = message
  const path = `${epoch}/${part.type}/${part.proposer}`
  const { message: word } = part
  if (MAY_DIFFER.includes(word.type)) return []
  const round = 'round' in word ? word.round : '-'
  if (word.type !== 'val') return [{ key: `${path}/${word.type}/${round}`, value: digestOf(word) }]
  // Each receiver has a shard of its own; what it commits to is the same for all.
  return [
    { key: `${path}/val/to-${to}`, value: digestOf(word) },
    { key: `${path}/val/root`, value: Buffer.from(word.root).toString('hex') },
  ]
}

function digestOf(value) {
  const json = JSON.stringify(value, (_, part) =>
    part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
  )
  return createHash('sha256').update(json).digest('hex').slice(0, 16)
}

/** Remembers every word of every member, through all its lives. */
export class Witness {
  contradictions = []
  #said = new Map()

  /** How many different words were heard. */
  get size() {
    return this.#said.size
  }

  /** A message of the agreement from one member to another. */
  hear(from, to, message) {
    for (const { key, value } of utterancesOf(message, to)) this.note(`${from}: ${key}`, value)
  }

  /** One word. */
  note(slot, value) {
    const earlier = this.#said.get(slot)
    if (earlier === undefined) this.#said.set(slot, value)
    else if (earlier !== value) this.contradictions.push(`${slot}: ${value}, earlier ${earlier}`)
  }
}
