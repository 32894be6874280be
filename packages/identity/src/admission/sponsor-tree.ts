/**
 * Who brought whom: a forest with the founders as its roots.
 *
 * @see identity.md, section 9
 */
import { digestKey } from '@mc/crypto'

/** A member and the one who brought it: the first who vouched for it. Founders have none. */
export interface Sponsored {
  readonly id: Uint8Array
  readonly sponsor: Uint8Array | undefined
}

/** The forest of sponsors, and the sub-trees that vouches have to come from. */
export class SponsorTree {
  readonly #sponsors = new Map<string, string | undefined>()
  readonly #depths = new Map<string, number>()
  readonly #widths: number[] = []

  /**
   * The forest of the members, sponsors before those they brought; removed sponsors stand in the list too.
   *
   * @throws RangeError if somebody stands there twice, or before its sponsor.
   */
  constructor(members: readonly Sponsored[]) {
    for (const { id, sponsor } of members) this.#plant(digestKey(id), sponsor && digestKey(sponsor))
  }

  /** Whoever `id` brought, and whoever these brought, and so on; `id` among them. What a challenge may list as evidence. */
  subtree(id: Uint8Array): ReadonlySet<string> {
    const members = new Set([digestKey(id)])
    // Sponsors stand before those they brought, so one pass finds them all.
    for (const [one, sponsor] of this.#sponsors)
      if (sponsor !== undefined && members.has(sponsor)) members.add(one)
    return members
  }

  /**
   * In how many different sub-trees these members stand, when the forest is cut so that there are at least `wanted`.
   *
   * The cut is the smallest depth with so many members, else the widest one. Whoever stands above it is a tree of its own.
   */
  distinctBranches(ids: readonly Uint8Array[], wanted: number): number {
    const cut = this.#cut(wanted)
    return new Set(ids.map(id => this.#ancestorAt(cut, digestKey(id))).filter(one => one !== undefined)).size
  }

  /** How many sub-trees there are at that cut: nobody can ask for more vouches than these. */
  branches(wanted: number): number {
    return this.#widths[this.#cut(wanted)] ?? 0
  }

  #plant(id: string, sponsor: string | undefined): void {
    const above = sponsor === undefined ? -1 : this.#depths.get(sponsor)
    if (above === undefined || this.#depths.has(id)) {
      throw new RangeError('sponsor tree: need each member once, after its sponsor')
    }
    this.#sponsors.set(id, sponsor)
    this.#depths.set(id, above + 1)
    this.#widths[above + 1] = (this.#widths[above + 1] ?? 0) + 1
  }

  #cut(wanted: number): number {
    const enough = this.#widths.findIndex(width => width >= wanted)
    return enough >= 0 ? enough : this.#widths.indexOf(Math.max(...this.#widths, 0))
  }

  #ancestorAt(depth: number, id: string): string | undefined {
    let one: string | undefined = id
    while (one !== undefined && (this.#depths.get(one) ?? 0) > depth) one = this.#sponsors.get(one)
    return one !== undefined && this.#depths.has(one) ? one : undefined
  }
}
