/**
 * The story: an organisation of 23 people on four members decides, and what it decides happens.
 *
 * Its hours are seconds: the windows are parameters of its domains, and nothing in the code knows that it is a demonstration.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { memberKey, newMemberSecret, provePossession } from '@mc/identity'
import type { GenesisRules } from '@mc/ledger'
import {
  type DomainParameters,
  genesisDomainId,
  genesisParameters,
  organisationGenesisCodec,
  TOPICS_RULES,
} from '@mc/topics'
import { identityCrypto } from '../organisation/identity-crypto.js'
import { gather, opening } from './deciding.js'
import { type Proof, proven } from './proven.js'
import type { Person, Stage } from './stage.js'
import { converted, elect, install, use } from './steps/contract.js'
import { createDomain } from './steps/domain.js'
import { admit, challenge } from './steps/people.js'
import { decidePlayground } from './steps/playground.js'

/** People of the story. */
export const PEOPLE = 23

/** Seconds instead of days. */
export const STORY_RULES: Partial<DomainParameters> = {
  meet: { min: 2, max: 600 },
  publicity: { min: 1, max: 600 },
  publicityBase: 2,
  publicityNeed: { min: 2, max: 60 },
  evaluationWindow: 20,
  capacity: { min: 2, max: 500 },
  // Time to join before the meetings begin.
  queueMinAge: 4,
}

/** One step, whether it came true, and what shows it. */
export interface StoryStep {
  readonly step: string
  readonly done: boolean
  readonly proof: readonly Proof[]
  readonly detail?: Readonly<Record<string, unknown>>
  readonly failure?: string
}

/** The people of a story, before it begins. */
export interface Cast {
  readonly org: Uint8Array
  readonly secrets: readonly Uint8Array[]
  readonly newcomer: Uint8Array
}

/** People with new keys, and an organisation that they will found. */
export function newCast(): Cast {
  return {
    org: crypto.rng.bytes(32),
    secrets: Array.from({ length: PEOPLE }, () => newMemberSecret(crypto.rng)),
    newcomer: newMemberSecret(crypto.rng),
  }
}

/** The rules of the story's network. */
export function storyRules({ org, secrets }: Cast): GenesisRules {
  return {
    machine: TOPICS_RULES,
    parameters: organisationGenesisCodec.encode({
      org,
      profile: 'seed',
      founders: secrets.map(secret => ({
        key: memberKey(secret, identityCrypto),
        possession: provePossession(org, secret, identityCrypto),
      })),
      rules: {
        general: STORY_RULES,
        constitution: STORY_RULES,
        membership: { ...STORY_RULES, activeSlots: 32 },
      },
      parameters: { heartbeat: 1, epochLength: 3, resumeMin: 2 },
    }),
  }
}

/** Plays the story; `tell` hears of every step as it ends. A step that fails is told, and the story goes on without it. */
export async function play(
  stage: Stage,
  cast: Cast,
  tell: (step: StoryStep) => void,
): Promise<readonly StoryStep[]> {
  const people = cast.secrets.map((secret, at) => stage.person(`member ${at + 1}`, secret))
  const domains = {
    constitution: genesisDomainId('constitution', crypto.sha256),
    general: genesisDomainId('general', crypto.sha256),
    membership: genesisDomainId('membership', crypto.sha256),
  }
  const story = new Story(tell)
  const school = await story.step('domain-created', () =>
    createDomain(stage, people.slice(0, 5), domains.constitution, {
      ...genesisParameters('seed', 'general'),
      ...STORY_RULES,
    }),
  )
  const newcomer = { person: stage.person('newcomer', cast.newcomer), secretKey: cast.newcomer }
  // Each group acts in its own name in one place at a time: what one person does in two places has one order only.
  const [, , election] = await Promise.all([
    story.step('topic-decided-in-rounds', () =>
      decidePlayground(stage, people, school?.domain ?? domains.general),
    ),
    story.step('newcomer-admitted', () =>
      listed(admit(stage, people.slice(12, 16), newcomer, domains.membership)),
    ),
    story.step('representative-elected', () => elect(stage, people.slice(16, 20), domains.general)),
  ])
  await Promise.all([
    story.step('member-removed', () =>
      listed(challenge(stage, people.slice(0, 6), people[21] as Person, domains.membership)),
    ),
    story.step('contract-installed', () => listed(install(stage, people.slice(6, 11), domains.constitution))),
  ])
  await story.step('mandate-converted', () => listed(converted(stage, election?.mandate)))
  await story.step('contract-used', () => listed(use(stage, people.slice(0, 5), domains.general)))
  await story.step('newcomer-takes-part', () => listed(firstTopic(stage, newcomer.person, domains.general)))
  return story.steps
}

/** The newcomer decides something like everybody else. */
async function firstTopic(stage: Stage, newcomer: Person, domain: Uint8Array): Promise<readonly Proof[]> {
  const topic = await gather(
    stage,
    [newcomer],
    opening({ domain, kind: 'resolution', title: '大家好 / Hello everybody' }),
  )
  const command = `mc topic show ${Buffer.from(topic).toString('hex')}`
  return [await proven(stage, 'topics', topic, { command })]
}

interface Outcome {
  readonly proofs: readonly Proof[]
  readonly split?: readonly number[]
}

const listed = async (proofs: Promise<readonly Proof[]>): Promise<Outcome> => ({ proofs: await proofs })

/** The steps so far. */
class Story {
  readonly steps: StoryStep[] = []
  readonly #tell: (step: StoryStep) => void

  constructor(tell: (step: StoryStep) => void) {
    this.#tell = tell
  }

  async step<T extends Outcome>(step: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      const outcome = await run()
      const { proofs, split } = outcome
      const done = proofs.length > 0 && proofs.every(({ verified }) => verified)
      this.#add({ step, done, proof: proofs, ...(split && { detail: { split } }) })
      return outcome
    } catch (error) {
      const { rule = 'story/failed', message } = error as Error & { readonly rule?: string }
      this.#add({ step, done: false, proof: [], failure: `${rule}: ${message}` })
      return undefined
    }
  }

  #add(step: StoryStep): void {
    this.steps.push(step)
    this.#tell(step)
  }
}
