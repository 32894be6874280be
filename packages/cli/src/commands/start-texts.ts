/** What `mc start` says to people. */

import type { StoryStep } from '../story/story.js'
import type { SubmissionProgress } from '../submission/submission.js'
import type { StartSummary } from './start-summary.js'

export const HELP = `
Makes a network in DIR (or goes on with the one that is there), starts one process per member over libp2p on the loopback
address, submits every operation of FILE through all members, compares their blocks and state roots, verifies the last block
and one random operation as a light client that knows nothing but the genesis. Then it tells the story of an organisation of
23 people on four members of its own in DIR/organisation, and stays up until it is interrupted. --ops leaves the story out.

Lines that are no operation, are signed wrongly or come twice are named and left out; the rest goes on. Operations that are on
the ledger already are not submitted twice, so starting again is safe.

Exit codes: 0 the members agree; 1 something failed; 2 wrong usage or input.

Examples:
  mc start                                  four members, the town hall
  mc start --once --json                    stop after the summary; one JSON object is the last line
  mc start --nodes 7 --dir ./seven
  mc start --ops my-operations.jsonl --dir .mc/mine
`

/** The steps of the story, for people. */
const STORY_TITLES: Readonly<Record<string, string>> = {
  'domain-created': '议题域由议题和合约设立 / a domain is created by topic and contract',
  'topic-decided-in-rounds':
    '议题分成五个子会议，胜出方案再次开会，公示、冻结一次、恢复、执行 / a topic splits, meets again, is published, frozen, resumed, executed',
  'newcomer-admitted': '新成员加入 / a newcomer is admitted',
  'representative-elected': '带转换条件地选出执行代表 / a representative is elected with a condition',
  'member-removed': '可疑成员被质疑并移除 / a suspicious member is challenged and removed',
  'contract-installed': '合约类型经议题安装 / a type of contract is installed by topic',
  'mandate-converted': '条件成立，权力立即收回 / the condition comes true and the power ends at once',
  'contract-used': '合约被使用 / the contract is used',
  'newcomer-takes-part': '新成员参与议题 / the newcomer takes part',
}

export const TEXTS = {
  reading: (file: string): string => `reading ${file}`,
  read: (count: number, bad: number): string =>
    bad === 0 ? `${count} operations` : `${count} operations, ${bad} lines left out`,
  founding: (nodes: number, directory: string): string =>
    `founding a network of ${nodes} members in ${directory}`,
  resuming: (directory: string): string => `going on with the network in ${directory}`,
  newPorts: 'giving every member free ports',
  starting: (nodes: number): string => `starting ${nodes} processes over libp2p`,
  connecting: 'waiting until all members are connected',
  submitting: (count: number, nodes: number): string =>
    `submitting ${count} operations through ${nodes} members`,
  submitted: ({ epochs, latencyMs }: SubmissionProgress): string =>
    `operations on the ledger, ${epochs} epochs${latencyMs === undefined ? '' : `, latency ${Math.round(latencyMs)} ms`}`,
  comparing: 'comparing blocks and state roots of all members',
  verifying: 'verifying as a light client',
  story: 'the story: 23 people on four members found an organisation and decide',
  storyAgain: (directory: string): string =>
    `to repeat a proof: mc net up --dir ${directory}, then its command with --dir ${directory} (mc verify also takes --genesis ${directory}/genesis.json)`,
  storyStep: ({ step, done, proof, failure }: StoryStep): string => {
    const title = STORY_TITLES[step] ?? step
    return done ? `✓ ${title}  (${proof[0]?.command ?? ''})` : `✗ ${title}: ${failure ?? 'not proven'}`
  },
  stopping: 'stopping',
  stayingUp: 'The network stays up; press Ctrl-C to stop it.',
  lightFailed: (reason: string): string => `the light client does not believe it: ${reason}`,
  lost: (count: number): string => `${count} operations were taken and are not on the ledger`,
}

/** The summary for people. */
export function summaryText(summary: StartSummary): string {
  const { latencyMs, seconds } = summary
  const rows: readonly (readonly [string, string])[] = [
    ['network', `${summary.nodes} members, ${summary.preset}, ${summary.directory}`],
    ['ledger', `${summary.operationsOnLedger} operations in ${summary.epochs} epochs`],
    [
      'this run',
      `${summary.operationsSubmitted} submitted, ${summary.operationsCommitted} on the ledger ` +
        `(${summary.operationsAlreadyOnLedger} of them before), ${summary.operationsRefused} refused, ${seconds} s`,
    ],
    ['latency', latencyMs.p50 === null ? 'nothing new' : `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`],
    [
      'agreement',
      summary.sameBlocks ? 'all members hold the same blocks' : 'THE MEMBERS HOLD DIFFERENT BLOCKS',
    ],
    ['state root', `${summary.sameStateRoot ? 'the same' : 'NOT THE SAME'}: ${summary.stateRoot}`],
    ['last block', summary.lastBlock ?? 'none'],
    [
      'light client',
      summary.lightClientVerified ? 'verified the last block and a random operation' : 'NOT VERIFIED',
    ],
    ['API', `${summary.api}  (token: ${summary.apiTokenFile})`],
  ]
  return rows.map(([name, text]) => `${name.padEnd(14)}${text}\n`).join('')
}
