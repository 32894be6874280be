/**
 * How a light client comes to believe a block that a node shows it, across configurations and before all seals are in.
 */
import { type Certificate, configurationFromJson, type LightClient, type VerifiedBlock } from '@mc/ledger'

/** What a node tells who verifies: nothing of it is believed for being told. */
export interface BlockSource {
  /** The JSON of the configuration with this index. @throws if there is none. */
  configuration(index: number): Promise<unknown>
  /** The bytes of the block of an epoch. */
  blockBytes(epoch: number): Promise<Uint8Array>
  /** The seals collected for it so far. */
  certificate(epoch: number): Promise<Certificate>
}

/** A block and its seals as a node showed them. */
export interface ShownBlock {
  readonly bytes: Uint8Array
  readonly certificate: Certificate
}

/** Milliseconds to wait for seals, which come a moment after a block; and between two questions. */
const SEALS_MS_MAX = 10_000
const SEALS_STEP_MS = 50

const TOO_FEW = 'fewer than f + 1 members signed it'
const UNKNOWN = 'its configuration is not known yet'

/** A block as it was shown, and what a light client makes of it. */
export type BelievedBlock<Shown> = VerifiedBlock & { readonly shown: Shown }

/**
 * Asks for a block until it is believed, or for so long that it will not be. On the way the client learns the configurations
 * from the last one it knows to the one of the block, each from a block that the one before has signed: what a node invents
 * costs it the signatures of f + 1 members for each step.
 */
export async function believe<Shown extends ShownBlock>(
  light: LightClient,
  source: BlockSource,
  ask: () => Promise<Shown>,
): Promise<BelievedBlock<Shown>> {
  for (;;) {
    const believed = await sealed(light, ask)
    if (believed.verified || believed.reason !== UNKNOWN) return believed
    const obstacle = await learnNext(light, source)
    if (obstacle !== undefined) return { verified: false, reason: obstacle, shown: believed.shown }
  }
}

/** Asks until f + 1 members have signed, or for so long that they will not. */
async function sealed<Shown extends ShownBlock>(
  light: LightClient,
  ask: () => Promise<Shown>,
): Promise<BelievedBlock<Shown>> {
  const until = performance.now() + SEALS_MS_MAX
  for (;;) {
    const shown = await ask()
    const verified = light.verifyBlock(shown.bytes, shown.certificate)
    if (verified.verified || verified.reason !== TOO_FEW || performance.now() > until)
      return { ...verified, shown }
    await new Promise(resolve => setTimeout(resolve, SEALS_STEP_MS))
  }
}

/** Learns the configuration after the last one that is known; or why not. */
async function learnNext(light: LightClient, source: BlockSource): Promise<string | undefined> {
  const index = light.latest.index + 1
  const next = configurationFromJson(await source.configuration(index))
  const epoch = next.firstEpoch - 1
  const last = await sealed(light, async () => ({
    bytes: await source.blockBytes(epoch),
    certificate: await source.certificate(epoch),
  }))
  if (!last.verified) return `configuration ${index}: ${last.reason}`
  return light.learn(next) ? undefined : `configuration ${index}: block ${epoch} announces another one`
}
