/** What people say in topics: the texts of `mc propose`, `comment`, `vote`, `freeze`, `evaluate`, `challenge`, `candidate`. */

/** In English. */
export const SPEAK_EN = {
  propose: 'propose something in your meeting of a topic',
  comment: 'say something to a topic',
  vote: 'approve candidates of your meeting; a later vote replaces it',
  freeze: 'stop a decision in its publicity; you are frozen too, until the evaluation ends',
  evaluate: 'judge a freeze: resume or cancel',
  challenge: 'open a topic that asks whether a member has to go',
  candidate: 'stand in an election yourself',
  approve: 'the candidates that you approve, with commas between; keep, remove, statusQuo where there are',
  none: 'approve nothing: you are present',
  amends: 'in later rounds: your candidate that this one amends',
  admit: 'admit the newcomer of this card',
  evidence: 'an operation that shows it, by its id; once for each',
  terms:
    'what you would be given: {"scope","powers","term","reportEvery","conversion","onConvert"} in a JSON file',
  yes: 'yes, I know that I shall be frozen too',
  frozenToo:
    'freezing this topic freezes you too: until the evaluation ends you cannot vote, propose or open. Add --yes if you want that.',
  proposed: 'proposed',
  commented: 'said',
  voted: 'your ballot is on the ledger; vote again to change it',
  froze:
    'the topic is frozen, and so are you, until L={deadline} at most; the others judge: mc evaluate resume|cancel {topic}',
  freezeWanted: 'you have asked to freeze it; {gathered} of {needed} have',
  evaluated: 'judged: resume {resume}, cancel {cancel}; the topic is now: {state}',
  withdraw: 'take back a proposal of yours',
  withdrawn: 'taken back',
  defend: 'answer a challenge that is about you',
  noMeeting: 'you have no seat in a meeting of this topic: it is {state}',
  proposeHelp: `
TOPIC is the beginning of an id. What a proposal does is a file of actions: one, or a list. "mc contract actions" shows all of them;
what an action leaves out is what stands there now, names stand for ids. "mc contract simulate" runs it before anybody votes.

Examples:
  mc propose 5f0c --text "slate" --as ann
  mc propose 5f0c --text "slate" --actions actions.json --as ann
  mc propose 5f0c --admit sun.card.json --text "we know her" --as ann
  mc propose 5f0c --text "slate, but grey" --amends 81a2 --as ann
  mc propose 5f0c --withdraw 81a2 --as ann

  actions.json: {"type":"registry.set","key":"roof","text":"slate"}
`,
  commentHelp: `
Comments are read with: mc topic log TOPIC

Examples:
  mc comment 5f0c --text "tiles are cheaper" --as bob
  mc comment 5f0c --text-file letter.txt --as bob
`,
  voteHelp: `
Candidates are the beginnings of ids that "mc topic show" lists. As many as you like; a later ballot replaces the one before.

Examples:
  mc vote 5f0c --approve 81a2,99bd --as bob
  mc vote 5f0c --approve keep --as bob
  mc vote 5f0c --none --as bob
`,
  freezeHelp: `
A topic can be frozen while it is in publicity. The k-th freeze of a topic needs 2^(k−1) people.

Examples:
  mc freeze 5f0c --yes --as eve
`,
  evaluateHelp: `
CHOICE is resume or cancel. Whoever froze does not judge.

Examples:
  mc evaluate resume 5f0c --as bob
  mc evaluate cancel 5f0c --as ann
`,
  challengeHelp: `
MEMBER is a name of "mc member ls", or the beginning of an id. The candidates of its meeting are remove and keep.

Examples:
  mc challenge bob --title "Two nodes, one person" --text "…" --evidence 31c4…9f --as ann
  mc defend 5f0c --text "one of them is my sister's" --as bob
  mc vote 5f0c --approve remove --as eve
`,
  candidateHelp: `
The terms say what you would be given, for how long, and the condition on which it ends and returns to all: without one nobody can
stand. What you would do is the text. Conditions: membersAtLeast, attestersAtLeast, clockAtLeast, parameterAtLeast, typeInstalled,
all, any, not, custom.

Examples:
  mc candidate 5f0c --terms terms.json --text "I keep the keys until there are more of us" --as ann

  terms.json: {"powers":["event"],"term":"90d","reportEvery":"30d","conversion":{"type":"membersAtLeast","count":20}}
`,
}

/** In Chinese. */
export const SPEAK_ZH: typeof SPEAK_EN = {
  propose: '在您的会议中提出方案',
  comment: '对议题发表评论',
  vote: '赞成您会议中的方案；再次投票会替换之前的',
  freeze: '在公示期冻结议题；您也会被冻结，直到评估结束',
  evaluate: '评估冻结：resume（解除）或 cancel（取消）',
  challenge: '发起质疑：某位成员是否应被移除',
  candidate: '参选执行代表',
  approve: '您赞成的方案，用逗号分隔；如有可用 keep、remove、statusQuo',
  none: '都不赞成：仅表示在场',
  amends: '在后续轮次：本方案所修改的您的方案',
  admit: '接纳此名片上的新人',
  evidence: '作为证据的操作 id；每个一次',
  terms: '当选后的授权：JSON 文件 {"scope","powers","term","reportEvery","conversion","onConvert"}',
  yes: '是的，我知道我也会被冻结',
  frozenToo: '冻结此议题也会冻结您：评估结束前您不能投票、提案或发起议题。确实要这样请加 --yes。',
  proposed: '已提出',
  commented: '已发表',
  voted: '选票已在账本上；再次投票即可更改',
  froze: '议题已冻结，您也已冻结，至多到 L={deadline}；由其他人评估：mc evaluate resume|cancel {topic}',
  freezeWanted: '您已请求冻结；{needed} 人中已有 {gathered} 人',
  evaluated: '已评估：解除 {resume}，取消 {cancel}；议题现在的状态：{state}',
  withdraw: '撤回您的一个方案',
  withdrawn: '已撤回',
  defend: '对针对您的质疑作出申辩',
  noMeeting: '您在此议题的会议中没有席位：它的状态是 {state}',
  proposeHelp: `
TOPIC 是 id 的开头。方案的动作写在文件里：一个或一列。mc contract actions 列出全部动作；动作中省略的部分取当前的值，名称可代替 id。
mc contract simulate 可在投票之前试运行。

示例 Examples:
  mc propose 5f0c --text "石板" --as ann
  mc propose 5f0c --text "石板" --actions actions.json --as ann
  mc propose 5f0c --admit sun.card.json --text "我们认识她" --as ann
  mc propose 5f0c --text "灰色石板" --amends 81a2 --as ann
  mc propose 5f0c --withdraw 81a2 --as ann

  actions.json: {"type":"registry.set","key":"roof","text":"石板"}
`,
  commentHelp: `
阅读评论：mc topic log TOPIC

示例 Examples:
  mc comment 5f0c --text "瓦更便宜" --as bob
  mc comment 5f0c --text-file letter.txt --as bob
`,
  voteHelp: `
方案用 mc topic show 列出的 id 开头表示，数量不限；再次投票会替换之前的选票。

示例 Examples:
  mc vote 5f0c --approve 81a2,99bd --as bob
  mc vote 5f0c --approve keep --as bob
  mc vote 5f0c --none --as bob
`,
  freezeHelp: `
议题在公示期内可以被冻结。同一议题的第 k 次冻结需要 2^(k−1) 人。

示例 Examples:
  mc freeze 5f0c --yes --as eve
`,
  evaluateHelp: `
CHOICE 是 resume（解除）或 cancel（取消）。冻结者不参与评估。

示例 Examples:
  mc evaluate resume 5f0c --as bob
  mc evaluate cancel 5f0c --as ann
`,
  challengeHelp: `
MEMBER 是 mc member ls 中的名称，或 id 的开头。会议的选项是 remove（移除）和 keep（保留）。

示例 Examples:
  mc challenge bob --title "一人两节点" --text "…" --evidence 31c4…9f --as ann
  mc defend 5f0c --text "其中一个是我姐姐的" --as bob
  mc vote 5f0c --approve remove --as eve
`,
  candidateHelp: `
条款说明您将持有什么、多久，以及在什么条件下终止并转回民主：没有条件不能参选。您要做的事写在正文里。
条件：membersAtLeast、attestersAtLeast、clockAtLeast、parameterAtLeast、typeInstalled、all、any、not、custom。

示例 Examples:
  mc candidate 5f0c --terms terms.json --text "在人数增加之前由我保管钥匙" --as ann

  terms.json: {"powers":["event"],"term":"90d","reportEvery":"30d","conversion":{"type":"membersAtLeast","count":20}}
`,
}
