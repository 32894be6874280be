import type { EncryptionKey } from '@mc/acs'

/** The key, if it is of that family. @throws RangeError otherwise: another scheme is another system. */
export function requireScheme(
  whose: string,
  key: EncryptionKey,
  family: 'tdh2' | 'baek-zheng',
): EncryptionKey {
  if (key.scheme.name.startsWith(`${family}/`)) return key
  throw new RangeError(`${whose} needs a key of ${family} for its proposals, got ${key.scheme.name}`)
}
