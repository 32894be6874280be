/**
 * Measures the parts of the system one by one, with both providers of cryptography side by side.
 */
import { nodeCrypto } from '@mc/crypto/node'
import { portableCrypto } from '@mc/crypto/portable'
import { commitmentParts, erasureParts, merkleParts } from './coding-parts.js'
import { hashParts, signatureParts } from './crypto-parts.js'
import { logFigures } from './log-part.js'
import { agreementParts, codecParts, epochParts } from './protocol-parts.js'
import { figureOf, type PartFigure } from './stopwatch.js'

/** How the parts are measured. */
export interface PartsBenchOptions {
  /** Milliseconds for each figure. */
  readonly budgetMs: number
  readonly onProgress: (text: string) => void
}

/** All figures, in the order of the layers. */
export async function benchParts({
  budgetMs,
  onProgress,
}: PartsBenchOptions): Promise<readonly PartFigure[]> {
  const providers = [nodeCrypto, portableCrypto]
  const figures: PartFigure[] = []
  for (const cases of [
    hashParts(providers),
    merkleParts(providers),
    signatureParts(providers),
    erasureParts(),
    commitmentParts(providers),
    codecParts(),
    agreementParts(nodeCrypto),
    epochParts(providers),
  ]) {
    for (const one of cases) {
      onProgress(
        `${one.part} ${one.variant}${one.n ? ` n=${one.n}` : ''}${one.bytes ? ` ${one.bytes} bytes` : ''}`,
      )
      figures.push(figureOf(one, budgetMs))
    }
  }
  onProgress('log/durable')
  return [...figures, ...(await logFigures(10 * budgetMs))]
}
