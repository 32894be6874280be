import type { AtomicBroadcast } from '@mc/abc'
import type { Effects } from '@mc/protocol'

/** The same broadcast; `onHeld` is told how many epochs an instance holds whenever it makes or retires one. */
export function countingEpochs(
  definition: AtomicBroadcast<unknown>,
  onHeld: (epochs: number) => void,
): AtomicBroadcast<unknown> {
  return {
    ...definition,
    create: (params, effects) => definition.create(params, counting(effects, onHeld)),
  }
}

type AbcEffects = Parameters<AtomicBroadcast<unknown>['create']>[1]

function counting(effects: AbcEffects, onHeld: (epochs: number) => void): AbcEffects {
  const held = new Set<number>()
  const scope: Effects<unknown, never>['scope'] = child => {
    // `wrap` does nothing but wrap: what it makes of nothing names the epoch.
    const { epoch } = child.wrap(undefined as never) as { readonly epoch?: number }
    if (epoch !== undefined) held.add(epoch)
    onHeld(held.size)
    return effects.scope(child)
  }
  return {
    send: (to, message) => effects.send(to, message),
    broadcast: message => effects.broadcast(message),
    fault: fault => effects.fault(fault),
    output: output => {
      if (output.type === 'retired') for (const epoch of held) if (epoch < output.epoch) held.delete(epoch)
      effects.output(output)
    },
    scope,
  }
}
