/** A suspicious member is challenged and removed; a newcomer is admitted. */

import { nodeCrypto as crypto } from '@mc/crypto/node'
import { memberKey, provePossession } from '@mc/identity'
import { fromHex, hex } from '@mc/protocol/wire'
import { builtInIdOf } from '@mc/topics'
import { identityCrypto } from '../../organisation/identity-crypto.js'
import { cidOf } from '../content-id.js'
import { agreeOn, approve, gather, meetingsOf, opening, reached } from '../deciding.js'
import { type Proof, proven } from '../proven.js'
import type { Person, Stage } from '../stage.js'

/** The members judge one of them; it is removed at the next boundary. */
export async function challenge(
  stage: Stage,
  people: readonly Person[],
  target: Person,
  domain: Uint8Array,
): Promise<readonly Proof[]> {
  const evidence = crypto.sha256(cidOf('two persons, one signature', crypto.sha256))
  const topic = await gather(
    stage,
    people,
    opening({
      domain,
      kind: 'challenge',
      title: '质疑：同一人两次登记 / Challenge: enrolled twice',
      target: target.author.member,
      evidence: [evidence],
    }),
  )
  await reached(stage, topic, 'meeting')
  const [meeting] = await meetingsOf(stage, topic, 1)
  await approve(stage, people, fromHex(meeting.id), [builtInIdOf(topic, 'remove', crypto.sha256)])
  await reached(stage, topic, 'executed')
  const { state } = await stage.entry('members', target.author.member)
  const command = `mc member show ${hex(target.author.member)}`
  const shown = await proven(stage, 'members', target.author.member, { command })
  return [
    { ...shown, verified: shown.verified && state === 'removed' },
    await proven(stage, 'topics', topic, { command: `mc verify topic ${hex(topic)}` }),
  ]
}

/** Somebody comes in, and is a member like all others from the next boundary on. */
export async function admit(
  stage: Stage,
  people: readonly Person[],
  newcomer: { readonly person: Person; readonly secretKey: Uint8Array },
  domain: Uint8Array,
): Promise<readonly Proof[]> {
  const { person, secretKey } = newcomer
  const key = memberKey(secretKey, identityCrypto)
  const possession = provePossession(stage.org, secretKey, identityCrypto)
  const [sponsor] = people as [Person]
  const topic = await gather(
    stage,
    people,
    opening({ domain, kind: 'membership', title: '新成员 / A newcomer' }),
  )
  await agreeOn(stage, people, topic, {
    text: { type: 'inline', text: '我们认识她。/ We know her.' },
    program: {
      type: 'actions',
      actions: [
        {
          type: 'member.add',
          key,
          possession,
          seat: undefined,
          sponsor: sponsor.author.member,
          attestations: [],
        },
      ],
    },
    candidacy: undefined,
  })
  await reached(stage, topic, 'executed')
  const command = `mc member show ${hex(person.author.member)}`
  return [
    await proven(stage, 'members', person.author.member, { command }),
    await proven(stage, 'topics', topic, { command: `mc verify topic ${hex(topic)}` }),
  ]
}
