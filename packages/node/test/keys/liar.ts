/** Boxes of a member that deals wrongly: what it seals for the first members is not what it committed to. */
import { type SealedBoxes, sealedBoxes } from '@mc/crypto/dkg'
import { nodeCrypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'

export function lyingBoxes(victims: number): SealedBoxes {
  const honest = sealedBoxes({ group: ristretto255, sha256: nodeCrypto.sha256 })
  return new Proxy(honest, {
    get(target, name) {
      if (name === 'seal') {
        return (options: Parameters<SealedBoxes['seal']>[0]) =>
          target.seal({
            ...options,
            messages: options.messages.map((one, at) => (at < victims ? one.map(byte => byte ^ 1) : one)),
          })
      }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
