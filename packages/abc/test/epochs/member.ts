import { type AtomicBroadcastOutput, type EpochsMessage, type EpochsOptions, epochs } from '@mc/abc'
import { committee, drive, epoch, peer, type Step } from '@mc/protocol'
import { type StubMessage, stubAcs } from '../stub-acs.js'

export type Message = EpochsMessage<StubMessage>
export type MemberStep = Step<Message, AtomicBroadcastOutput>

export const text = (value: string): Uint8Array => Uint8Array.from(value, letter => letter.charCodeAt(0))

export const announce = (number: number): Message => ({ type: 'announce', epoch: epoch(number) })

export const said = (number: number, message: StubMessage): Message => ({
  type: 'epoch',
  epoch: epoch(number),
  message,
})

export const payload = (number: number, value: string): Message =>
  said(number, { type: 'payload', payload: text(value) })

export const ping = (number: number): Message => said(number, { type: 'ping' })
export const pong = (number: number): Message => said(number, { type: 'pong' })

/** Member 0 of n, in a sequence of stub subsets. */
export function member({
  n = 4,
  firstEpoch = 0,
  ...options
}: Partial<EpochsOptions<StubMessage>> & { n?: number; firstEpoch?: number } = {}) {
  const definition = epochs({ acs: stubAcs(), senderQueueBytesMax: 1_000_000, ...options })
  const params = { committee: committee({ n, self: 0 }), domain: ['test'], firstEpoch: epoch(firstEpoch) }
  const driven = drive(definition, params)
  const node = {
    propose: (number: number, value = `own ${number}`): MemberStep =>
      driven.input({ type: 'propose', epoch: epoch(number), payload: text(value) }),
    connected: (index: number): MemberStep => driven.input({ type: 'connected', peer: peer(index) }),
    advance: (number: number): MemberStep => driven.input({ type: 'advance', epoch: epoch(number) }),
    from: (index: number, message: Message): MemberStep => driven.message(peer(index), message),
    /** Runs an epoch to its end: our proposal, then those of members 1 … n − f − 1. */
    finish: (number: number): MemberStep => {
      const steps = [node.propose(number)]
      const others = params.committee.n - params.committee.f - 1
      for (let index = 1; index <= others; index += 1)
        steps.push(node.from(index, payload(number, `${index}`)))
      return joined(steps)
    },
    /** The epochs below `limit` that an instance answers for. */
    held: (limit: number): number[] => {
      const answered: number[] = []
      for (let number = 0; number < limit; number += 1) {
        const { messages } = node.from(3, ping(number))
        if (messages.some(({ message }) => message.type === 'epoch')) answered.push(number)
      }
      return answered
    },
  }
  return node
}

export const joined = (steps: readonly MemberStep[]): MemberStep => ({
  messages: steps.flatMap(step => step.messages),
  outputs: steps.flatMap(step => step.outputs),
  faults: steps.flatMap(step => step.faults),
})

export const batchEpochs = ({ outputs }: MemberStep): number[] =>
  outputs.flatMap(output => (output.type === 'batch' ? [output.epoch] : []))
