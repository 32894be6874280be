/**
 * Where a protocol instance stands: network, configuration, epoch, layer, proposer, round.
 *
 * Whatever is hashed, signed or drawn in common binds its domain, so that nothing can be replayed elsewhere.
 */

/** A path from the network down to one instance; each layer appends its own parts, and none is ever computed with. */
export type Domain = readonly (string | number)[]

/** The domain of a child instance. */
export const subdomain = (domain: Domain, ...parts: Domain): Domain => [...domain, ...parts]
