import type { Logger } from 'pino'
import type { NodeMetrics } from '../metrics.js'
import type { Node } from '../node.js'
import type { LedgerReader } from '../reader.js'
import type { ApiLimits } from './limits.js'
import type { RecentRefusals } from './recent-refusals.js'

/** What routes work with. */
export interface ApiContext {
  readonly node: Node
  readonly reader: LedgerReader
  readonly metrics: NodeMetrics
  readonly log: Logger
  readonly limits: ApiLimits
  /** Why agreed operations were not accepted, lately. */
  readonly refusals: RecentRefusals
}
