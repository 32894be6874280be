import type { Dispersal, DispersalOutput, DispersalParams, Retrieval, Retrieved } from '@mc/avid'
import type { Effects, PeerIndex, Protocol, ProtocolDefinition } from '@mc/protocol'
import { union } from '@mc/protocol/wire'

type Both<D, R> = { type: 'dispersal'; message: D } | { type: 'retrieval'; message: R }

/** Dispersal and retrieval in one, whatever their messages are. */
export type DispersalAndRetrieval = ProtocolDefinition<DispersalParams, Uint8Array, unknown, Retrieved>

/**
 * Both halves at once: everybody retrieves what completes, and serves what it stores. The output is what was retrieved.
 */
export function disperseAndRetrieve<D, R>(
  dispersal: Dispersal<D>,
  retrieval: Retrieval<R>,
): DispersalAndRetrieval {
  const definition: ProtocolDefinition<DispersalParams, Uint8Array, Both<D, R>, Retrieved> = {
    name: `test/${dispersal.name}`,
    wireVersion: 1,
    parameters: {},
    parts: { dispersal, retrieval },
    codec: size =>
      union({
        dispersal: { message: dispersal.codec(size) },
        retrieval: { message: retrieval.codec(size) },
      }) as never,
    create: (params, effects) => new DisperseAndRetrieve(dispersal, retrieval, params, effects),
  }
  return definition as ProtocolDefinition<
    DispersalParams,
    Uint8Array,
    never,
    Retrieved
  > as DispersalAndRetrieval
}

class DisperseAndRetrieve<D, R> implements Protocol<Uint8Array, Both<D, R>> {
  readonly #dispersal: Protocol<Uint8Array, D>
  readonly #retrieval: Protocol<Parameters<ReturnType<Retrieval<R>['create']>['handleInput']>[0], R>

  constructor(
    dispersal: Dispersal<D>,
    retrieval: Retrieval<R>,
    params: DispersalParams,
    effects: Effects<Both<D, R>, Retrieved>,
  ) {
    this.#dispersal = dispersal.create(
      params,
      effects.scope<D, DispersalOutput>({
        wrap: message => ({ type: 'dispersal', message }),
        onOutput: output => this.#onDispersal(output),
      }),
    )
    this.#retrieval = retrieval.create(
      params,
      effects.scope<R, Retrieved>({
        wrap: message => ({ type: 'retrieval', message }),
        onOutput: retrieved => effects.output(retrieved),
      }),
    )
  }

  handleInput(payload: Uint8Array): void {
    this.#dispersal.handleInput(payload)
  }

  handleMessage(from: PeerIndex, { type, message }: Both<D, R>): void {
    if (type === 'dispersal') this.#dispersal.handleMessage(from, message)
    else this.#retrieval.handleMessage(from, message)
  }

  #onDispersal(output: DispersalOutput): void {
    if (output.type === 'complete') this.#retrieval.handleInput({ type: 'retrieve' })
    else this.#retrieval.handleInput({ ...output, type: 'serve' })
  }
}
