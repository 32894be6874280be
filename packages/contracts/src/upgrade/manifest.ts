/**
 * What an upgrade is, by the CIDs of its parts: a module in one file, how it was built, what it replaces, how it is tested.
 *
 * @see contracts.md, section 8.2
 */
import { type Codec, mapped, optional, struct, text, u8, uint } from '@mc/protocol/wire'
import { cid } from '@mc/topics'

/** What a module is part of. */
export const MODULE_KINDS = ['topics', 'contracts', 'consensus', 'ledger'] as const

/** What a module is part of. */
export type ModuleKind = (typeof MODULE_KINDS)[number]

/** The record that `protocol.upgrade` names. */
export interface Manifest {
  /** The module: one file, no imports. */
  readonly module: Uint8Array
  /** Version of the interface between host and module. */
  readonly abi: number
  readonly name: string
  /** The module it replaces; none for the first of its name. */
  readonly previous: Uint8Array | undefined
  readonly source: Uint8Array
  readonly buildRecipe: Uint8Array
  /** The name of the export that migrates the state; none if the state stays as it is. */
  readonly stateMigration: string | undefined
  /** The oldest node that can run it. */
  readonly minNode: string
  readonly tests: Uint8Array
  readonly kind: ModuleKind
}

/** The canonical bytes of a manifest: its CID is made of them. */
export const manifestCodec: Codec<Manifest> = struct({
  module: cid,
  abi: uint({ max: 255 }),
  name: text({ bytesMax: 64 }),
  previous: optional(cid),
  source: cid,
  buildRecipe: cid,
  stateMigration: optional(text({ bytesMax: 64 })),
  minNode: text({ bytesMax: 64 }),
  tests: cid,
  kind: mapped(u8({ max: MODULE_KINDS.length - 1 }), {
    to: at => MODULE_KINDS[at] as ModuleKind,
    from: kind => MODULE_KINDS.indexOf(kind),
  }),
})

/** Whether a person has to approve the upgrade at each node: so by default where a mistake stops everything. */
export const isManual = ({ kind }: Pick<Manifest, 'kind'>): boolean =>
  kind === 'consensus' || kind === 'ledger'
