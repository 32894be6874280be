/**
 * One reliable broadcast among four members, drawn: who says what to whom, step by step.
 */
import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Driven, drive, peer, type Step } from '@mc/protocol'
import { utf8 } from '@mc/protocol/wire'
import { type BrachaMessage, brachaRbc, type Delivery } from '@mc/rbc'

const N = 4
const PROPOSER = peer(0)
/** This member never says anything; n ≥ 3f + 1 allows one such member. */
const SILENT = 3

type Member = Driven<Uint8Array, BrachaMessage, Delivery>

/** A message on its way. */
interface OnItsWay {
  readonly from: number
  readonly to: number
  readonly message: BrachaMessage
}

/** Runs the broadcast and draws it: one picture for each step that messages take. */
export function drawBroadcast(text: string): string {
  const rbc = brachaRbc({ sha256: nodeCrypto.sha256 })
  const members = Array.from({ length: N }, (_, self) =>
    drive(rbc, { committee: committee({ n: N, self }), proposer: PROPOSER }),
  )
  const drawing = [`Member ${PROPOSER} broadcasts "${text}"; member ${SILENT} is silent.`]
  let sent = sentBy(PROPOSER, (members[PROPOSER] as Member).input(utf8(text)))
  for (let step = 1; sent.length > 0; step += 1) {
    drawing.push('', `step ${step}`, ...grid(sent))
    const caused: OnItsWay[] = []
    for (const { from, to, message } of sent) {
      const result = (members[to] as Member).message(peer(from), message)
      if (to !== SILENT) caused.push(...sentBy(to, result))
      for (const delivery of result.outputs) drawing.push(`member ${to} delivers "${textOf(delivery)}"`)
    }
    sent = caused
  }
  return `${drawing.join('\n')}\n`
}

/** What a step sends, one entry for each recipient. What members send themselves they have handled already. */
const sentBy = (from: number, { messages }: Step<BrachaMessage, Delivery>): OnItsWay[] =>
  messages.flatMap(({ to, message }) =>
    Array.from({ length: N }, (_, other) => other)
      .filter(other => other !== from && (to === 'all' || to === other))
      .map(other => ({ from, to: other, message })),
  )

/** A row for each sender, a column for each recipient. */
function grid(sent: readonly OnItsWay[]): string[] {
  const word = (from: number, to: number): string =>
    sent
      .filter(one => one.from === from && one.to === to)
      .map(({ message }) => message.type)
      .join('+') || '·'
  const peers = Array.from({ length: N }, (_, index) => index)
  const rows = peers.map(from => [`from ${from}`, ...peers.map(to => word(from, to))])
  return [['', ...peers.map(to => `to ${to}`)], ...rows].map(cells =>
    cells
      .map(cell => cell.padEnd(11))
      .join('')
      .trimEnd(),
  )
}

const textOf = (delivery: Delivery): string =>
  delivery instanceof Uint8Array ? new TextDecoder().decode(delivery) : 'nothing'
