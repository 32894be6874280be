/** A domain is created by a topic and its contract. */
import { domainHash } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex } from '@mc/protocol/wire'
import type { DomainParameters } from '@mc/topics'
import { agreeOn, gather, opening, reached } from '../deciding.js'
import { type Proof, proven } from '../proven.js'
import type { Person, Stage } from '../stage.js'

/** Creates the domain of the school; its id. */
export async function createDomain(
  stage: Stage,
  people: readonly Person[],
  constitution: Uint8Array,
  parameters: DomainParameters,
): Promise<{ readonly domain: Uint8Array; readonly proofs: readonly Proof[] }> {
  const topic = await gather(
    stage,
    people,
    opening({ domain: constitution, kind: 'domain', title: '设立学校议题域 / A domain for the school' }),
  )
  const names = [
    { language: 'zh-CN', text: '学校' },
    { language: 'en', text: 'School' },
  ]
  await agreeOn(stage, people, topic, {
    text: { type: 'inline', text: '学校的事由学校的人议。/ Those of the school speak about the school.' },
    program: { type: 'actions', actions: [{ type: 'domain.create', names, parent: undefined, parameters }] },
    candidacy: undefined,
  })
  await reached(stage, topic, 'executed')
  const domains = await stage.entries('domains')
  const created = domains.find(({ names: [first] }) => first.text === '学校')
  const domain = created === undefined ? domainHash(crypto.sha256, 'none') : fromHex(created.id)
  return {
    domain,
    proofs: [
      await proven(stage, 'domains', domain, { command: `mc domain show ${created?.id}` }),
      await proven(stage, 'topics', topic, {
        command: `mc verify topic ${Buffer.from(topic).toString('hex')}`,
      }),
    ],
  }
}
