/** What can be done about a broken rule, by its name. */
import type { Language } from '../language.js'

type Hint = Readonly<Record<Language, string>>

/** Said when an operation waits in the outbox. */
export const OUTBOX_HINT: Hint = {
  en: 'it waits in the outbox: mc outbox ls, mc outbox send, mc outbox drop',
  zh: '它留在发件箱里：mc outbox ls、mc outbox send、mc outbox drop',
}

/** The hints; a rule without one explains itself. */
export const HINTS: Readonly<Record<string, Hint>> = {
  'api/unreachable': {
    en: 'start the nodes, and leave them running: mc net up --dir DIRECTORY',
    zh: '先启动节点并保持运行：mc net up --dir 目录',
  },
  'directory/no-node': {
    en: 'found an organisation with "mc org init", or name its directory with --dir',
    zh: '用 mc org init 创立组织，或用 --dir 指出它的目录',
  },
  'input/unknown-id': {
    en: 'ids are listed by: mc topic ls, mc member ls, mc mandate ls; those of candidates by: mc topic show TOPIC',
    zh: '列出 id：mc topic ls、mc member ls、mc mandate ls；方案的 id：mc topic show 议题',
  },
  'input/malformed-id': {
    en: 'the beginning of an id is enough; ids are listed by: mc topic ls, mc member ls',
    zh: '写出 id 的开头即可；列出 id：mc topic ls、mc member ls',
  },
  'input/other-organisation': {
    en: 'a newcomer makes the card for this organisation: mc id new FILE --genesis genesis.json',
    zh: '新人须为本组织制作名片：mc id new 文件 --genesis genesis.json',
  },
  'input/malformed-action': {
    en: 'every action with an example: mc contract actions',
    zh: '所有动作及示例：mc contract actions',
  },
  'input/malformed-terms': {
    en: 'an example of terms: mc candidate --help',
    zh: '授权条款的示例：mc candidate --help',
  },
  'topics/not-a-participant': {
    en: 'join it first: mc topic join TOPIC',
    zh: '请先参与：mc topic join 议题',
  },
  'topics/frozen-member': {
    en: 'the others judge the freeze: mc evaluate resume|cancel TOPIC; what waits in the outbox can be sent after that',
    zh: '由其他成员评估：mc evaluate resume|cancel 议题；之后可发送发件箱中的操作',
  },
  'topics/wrong-candidacy': {
    en: 'stand for an election with: mc candidate TOPIC --terms terms.json',
    zh: '参选请用：mc candidate 议题 --terms terms.json',
  },
  'topics/not-in-publicity': {
    en: 'where a topic stands: mc topic show TOPIC; wait for its publicity: mc watch --topic TOPIC --until publicity-started',
    zh: '查看议题的阶段：mc topic show 议题；等待公示：mc watch --topic 议题 --until publicity-started',
  },
  'identity/not-in-the-ring': {
    en: 'membership epochs are shown by: mc org show; new keys and members count from the next one on',
    zh: '查看成员纪元：mc org show；新密钥和新成员从下一纪元起生效',
  },
  'key/locked': {
    en: 'the password comes from --password-file, MC_PASSWORD or the terminal, in this order',
    zh: '密码依次取自 --password-file、MC_PASSWORD、终端',
  },
  'light/not-verified': {
    en: 'do not believe this node; ask another one with --dir or --api, and compare',
    zh: '请勿相信该节点；用 --dir 或 --api 询问另一个并比较',
  },
}
