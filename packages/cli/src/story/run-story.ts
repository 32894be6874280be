/**
 * Plays the story on a network of its own in a directory; where it has been played, shows its proofs again.
 */
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogLevel } from '@mc/node/client'
import { organisationGenesisCodec } from '@mc/topics'
import { foundNetwork, isNetwork, readNetwork } from '../network/founding.js'
import { RunningNetwork } from '../network/running-network.js'
import { provenAgain } from './proven.js'
import { Stage } from './stage.js'
import { newCast, play, type StoryStep, storyRules } from './story.js'

/** Where and how. */
export interface StoryOptions {
  readonly directory: string
  readonly nodes: number
  readonly preset: string | undefined
  readonly logLevel: LogLevel
  /** Hears of every step as it ends. */
  readonly tell: (step: StoryStep) => void
}

/** What came of it, and the network that still runs. */
export interface PlayedStory {
  readonly steps: readonly StoryStep[]
  readonly running: RunningNetwork
}

/** Name of the network that the story happens in. */
const NAME = 'school'

/** Plays the story, or shows again what it proved. The network stays up; whoever called stops it. */
export async function runStory(options: StoryOptions): Promise<PlayedStory> {
  const { directory, nodes, preset, logLevel, tell } = options
  const file = join(directory, 'story.json')
  const played = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as readonly StoryStep[])
    : undefined
  const cast = newCast()
  // A story that was interrupted has no end: its people are gone with the process that played them.
  const isNew = played === undefined || !isNetwork(directory)
  const network = isNew
    ? await foundNetwork({
        directory: await freshDirectory(directory),
        name: NAME,
        nodes,
        preset,
        rules: storyRules(cast),
      })
    : await readNetwork(directory)
  const running = await RunningNetwork.start(network, logLevel)
  try {
    await running.ready()
    const { genesis } = network
    const { org } = organisationGenesisCodec.decode(genesis.rules?.parameters ?? new Uint8Array(0))
    const stage = new Stage(genesis, org, running.clients)
    if (!isNew) return { steps: await again(stage, played, tell), running }
    const steps = await play(stage, cast, tell)
    await writeFile(`${file}.part`, `${JSON.stringify(steps, undefined, 2)}\n`, { flush: true })
    await rename(`${file}.part`, file)
    return { steps, running }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function again(
  stage: Stage,
  steps: readonly StoryStep[],
  tell: (step: StoryStep) => void,
): Promise<readonly StoryStep[]> {
  const shown: StoryStep[] = []
  for (const step of steps) {
    const proof = await Promise.all(step.proof.map(one => provenAgain(stage, one)))
    const now = { ...step, proof, done: step.done && proof.every(({ verified }) => verified) }
    shown.push(now)
    tell(now)
  }
  return shown
}

/** The directory without a network that was not finished. */
async function freshDirectory(directory: string): Promise<string> {
  if (!isNetwork(directory)) return directory
  await rename(directory, `${directory}.interrupted-${Date.now()}`)
  return directory
}
