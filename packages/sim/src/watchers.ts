import type { Fault, Outgoing, PeerIndex } from '@mc/protocol'
import type { Invariant, Watch } from './invariant.js'
import type { RunState } from './run.js'

/** All invariants of one run; reports what any of them finds wrong. */
export class Watchers<Input, Message, Output> {
  readonly #watches: readonly { readonly name: string; readonly watch: Watch<Message, Output> }[]
  /** Whether any of them looks at what is sent. */
  readonly #areListening: boolean
  readonly #report: (invariant: string, detail: string) => void

  constructor(
    invariants: readonly Invariant<Input, Message, Output>[],
    state: RunState<Input, Message, Output>,
    report: (invariant: string, detail: string) => void,
  ) {
    this.#watches = invariants.map(invariant => ({
      name: invariant.name,
      watch: invariant.begin(state),
    }))
    this.#areListening = this.#watches.some(({ watch }) => watch.sent !== undefined)
    this.#report = report
  }

  output(index: PeerIndex, output: Output, position: number): void {
    this.#ask(watch => watch.output?.(index, output, position))
  }

  fault(by: PeerIndex, fault: Fault): void {
    this.#ask(watch => watch.fault?.(by, fault))
  }

  sent(from: PeerIndex, outgoing: Outgoing<Message>, bytes: Uint8Array): void {
    if (this.#areListening) this.#ask(watch => watch.sent?.(from, outgoing, bytes))
  }

  restarted(index: PeerIndex, lost: string | undefined): void {
    this.#ask(watch => watch.restarted?.(index, lost))
  }

  end(): void {
    this.#ask(watch => watch.end?.())
  }

  #ask(question: (watch: Watch<Message, Output>) => string | undefined): void {
    for (const { name, watch } of this.#watches) {
      const wrong = question(watch)
      if (wrong !== undefined) this.#report(name, wrong)
    }
  }
}
