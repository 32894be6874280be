/**
 * A representative is elected, with a condition that ends the power; a type of contract is installed, which makes the condition true;
 * and the contract does from then on what the representative did.
 */
import { CODE_PARAMETER, codeCid, contractParameters } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex, utf8 } from '@mc/protocol/wire'
import { candidacyMessage, type MandateTerms } from '@mc/topics'
import { cidOf } from '../content-id.js'
import { agreeOn, gather, opening, reached } from '../deciding.js'
import { type Proof, proven } from '../proven.js'
import type { Entry, Person, Stage } from '../stage.js'

/** The contract: it writes the sum of what the groups ask for under a name, and nothing else. */
export const BUDGET_CODE = `function validate(p) {
  if (!Array.isArray(p.groups) || p.groups.length < 1) throw 'need at least one group'
  for (const group of p.groups) if (!Number.isSafeInteger(group.asks) || group.asks < 0) throw 'need whole numbers'
}
function execute(p, view) {
  const sum = p.groups.reduce((total, group) => total + group.asks, 0)
  return [{ type: 'event.emit', name: 'budget', payload: hex(JSON.stringify({ sum, members: view.memberCount() })) }]
}
function hex(text) {
  let digits = ''
  for (let at = 0; at < text.length; at += 1) digits += text.charCodeAt(at).toString(16).padStart(2, '0')
  return digits
}
function describe(p, language) {
  const sum = p.groups.reduce((total, group) => total + group.asks, 0)
  return language === 'zh' ? '预算合计 ' + sum : 'A budget of ' + sum
}
`

/** The CID of the contract's code. */
export const budgetCid = (): Uint8Array => codeCid(utf8(BUDGET_CODE), crypto.sha256)

/** What the treasurer is given: until the contract is there. */
export function treasurerTerms(): MandateTerms {
  return {
    scope: cidOf('keeps the purse, by hand', crypto.sha256),
    powers: ['event'],
    term: 86_400,
    reportEvery: 0,
    conversion: { type: 'typeInstalled', contractType: budgetCid() },
    // Nothing takes the office's place but the contract itself.
    onConvert: [],
  }
}

/** Elects a treasurer, with the condition that ends the office. */
export async function elect(
  stage: Stage,
  people: readonly Person[],
  domain: Uint8Array,
): Promise<{ readonly mandate: Entry; readonly proofs: readonly Proof[] }> {
  const [candidate] = people as [Person]
  const holder = candidate.author.member
  const topic = await gather(
    stage,
    people,
    opening({ domain, kind: 'election', title: '选举司库 / Elect a treasurer' }),
  )
  const terms = treasurerTerms()
  const signature = candidate.author.signCandidacy(candidacyMessage(topic, { holder, terms }, crypto.sha256))
  await agreeOn(stage, people, topic, {
    text: { type: 'inline', text: '在合约就绪之前。/ Until the contract can do it.' },
    program: undefined,
    candidacy: { holder, terms, signature },
  })
  await reached(stage, topic, 'executed')
  const [mandate] = await stage.entries('mandates', { holder: hex(holder) })
  const command = `mc mandate show ${mandate?.id}`
  return {
    mandate,
    proofs: [await proven(stage, 'mandates', Buffer.from(mandate?.id ?? '', 'hex'), { command })],
  }
}

/** Switches contract code on: it is off until people decide otherwise. */
async function switchOn(
  stage: Stage,
  people: readonly Person[],
  constitution: Uint8Array,
): Promise<Uint8Array> {
  const topic = await gather(
    stage,
    people,
    opening({ domain: constitution, kind: 'contract', title: '启用合约代码 / Switch contract code on' }),
  )
  await agreeOn(stage, people, topic, {
    text: {
      type: 'inline',
      text: '代码可读，沙箱计量。/ The code can be read, the sandbox counts every step.',
    },
    program: {
      type: 'actions',
      actions: [{ type: 'parameter.set', name: CODE_PARAMETER, value: 1, expect: 0 }],
    },
    candidacy: undefined,
  })
  await reached(stage, topic, 'executed')
  return topic
}

/** Switches contract code on and installs the type; in that block the mandate is converted. */
export async function install(
  stage: Stage,
  people: readonly Person[],
  constitution: Uint8Array,
): Promise<readonly Proof[]> {
  const switched = await switchOn(stage, people, constitution)
  const topic = await gather(
    stage,
    people,
    opening({ domain: constitution, kind: 'contract', title: '安装预算合约 / Install the budget contract' }),
  )
  await agreeOn(stage, people, topic, {
    text: { type: 'inline', text: BUDGET_CODE },
    program: {
      type: 'actions',
      actions: [{ type: 'contractType.install', cid: budgetCid(), capabilities: ['event'] }],
    },
    candidacy: undefined,
  })
  await reached(stage, topic, 'executed')
  return [
    await proven(stage, 'contractTypes', budgetCid(), { command: `mc contract types` }),
    await proven(stage, 'topics', switched, { command: `mc verify topic ${hex(switched)}` }),
    await proven(stage, 'topics', topic, { command: `mc verify topic ${hex(topic)}` }),
  ]
}

/** Whether the mandate has ended, provably. */
export async function converted(stage: Stage, mandate: Entry): Promise<readonly Proof[]> {
  const id = Buffer.from(mandate.id, 'hex')
  await stage.until('the conversion', async () => (await stage.entry('mandates', id)).isEnded === true)
  return [await proven(stage, 'mandates', id, { command: `mc mandate show ${mandate.id}` })]
}

/** Uses the contract: a topic whose program is the contract with parameters. */
export async function use(
  stage: Stage,
  people: readonly Person[],
  domain: Uint8Array,
): Promise<readonly Proof[]> {
  const topic = await gather(
    stage,
    people,
    opening({ domain, kind: 'contract', title: '春季预算 / The budget of spring' }),
  )
  const groups = [
    { name: 'garden', asks: 120 },
    { name: 'library', asks: 300 },
  ]
  await agreeOn(stage, people, topic, {
    text: { type: 'inline', text: '合约计算。/ The contract adds it up.' },
    program: {
      type: 'contract',
      contractType: budgetCid(),
      parameters: contractParameters(JSON.stringify({ groups })),
    },
    candidacy: undefined,
  })
  const { result } = await reached(stage, topic, 'executed', 'execFailed')
  const shown = await proven(stage, 'topics', topic, { command: `mc verify topic ${hex(topic)}` })
  return [{ ...shown, verified: shown.verified && result.type === 'executed' }]
}
