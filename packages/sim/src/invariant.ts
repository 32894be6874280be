/**
 * What must hold in a run. An invariant only watches; it returns in words what is wrong.
 */
import type { Fault, Outgoing, PeerIndex } from '@mc/protocol'
import type { RunState } from './run.js'

/** Something that must hold; `begin` is called once per run, so an invariant may serve many runs. */
export interface Invariant<Input = unknown, Message = unknown, Output = unknown> {
  readonly name: string
  begin(state: RunState<Input, Message, Output>): Watch<Message, Output>
}

/** Looks at what happens in one run; each method returns what is wrong, or undefined. */
export interface Watch<Message, Output> {
  /** A correct member gave its output number `position`, counted from 0. */
  output?(index: PeerIndex, output: Output, position: number): string | undefined
  /** A correct member blames somebody. */
  fault?(by: PeerIndex, fault: Fault): string | undefined
  /** A correct member that may crash sends; `bytes` is the encoding. Not called in runs without crashes. */
  sent?(from: PeerIndex, outgoing: Outgoing<Message>, bytes: Uint8Array): string | undefined
  /** A correct member came back; `lost` says what of its past it contradicts, if anything. */
  restarted?(index: PeerIndex, lost: string | undefined): string | undefined
  /** Nothing is pending any more, or the limit of deliveries is reached. */
  end?(): string | undefined
}
