/** 中文文本。 */
import type { EN } from './en.js'

/** The texts in Chinese. */
export const ZH: typeof EN = {
  flags: {
    dir: '组织或单个节点的数据目录',
    api: '节点地址，代替 --dir',
    tokenFile: '该节点令牌所在的文件',
    lang: 'zh 或 en；否则取 LC_ALL 或 LANG 的语言',
    json: '输出一个 JSON 对象',
    as: '以谁的名义：people 文件夹中的密钥库',
    keys: '所用密钥库的文件，代替 --as',
    passwordFile: '首行为密码的文件；否则取 MC_PASSWORD，再否则当场询问',
    trial: '密钥库只用容易猜测的强度加锁：仅供试用',
    title: '标题',
    text: '正文',
    textFile: '从文件读取正文',
    meet: '期望的会议时间窗口（90s、2h、3d）',
    publicity: '期望的公示时间窗口',
    capacity: '期望的会议容量（人数上限）',
    actions: '方案的动作：JSON 文件，或 - 表示标准输入',
    contract: '方案使用的智能合约：代码 CID 的十六进制',
    parameters: '智能合约的参数：JSON 文件',
    genesis: '您信任的创世文件（默认取 --dir 中的）',
  },
  password: { of: '密码，密钥库', new: '设置新密码，密钥库', again: '再输入一次' },
  org: {
    about: '创立组织，查看组织',
    init: '在本机创立组织：节点、成员、规则',
    show: '查看组织的现状',
    name: '所有签名所针对的名称：这些人的其他组织不可同名',
    nodes: '节点数（默认与创始人数相同，至少 4）',
    people: '在此制作密钥库的创始人，用逗号分隔',
    card: '已有密钥的创始人的名片；每人一次',
    profile: 'seed：按使命的规则；guarded：更安全的选项',
    rules: '与规则集不同之处：JSON 文件 {"rules":{"general":{…}},"parameters":{…}}',
    quick: '时间窗口从一秒起：仅供试用',
    preset: '使用哪个系统（默认 waterbear-qs-q）',
    founded: '已创立',
    next: '接下来',
    nextRun: '启动节点并保持运行：mc net up --dir {dir}',
    nextOpen: '在另一个终端发起议题：mc topic new "新屋顶" --as {who} --dir {dir}',
    nextCopy: '每位创始人保存一份密钥库和 {dir}/genesis.json，后者是 mc verify 所信任的',
    unowned: '有 {count} 个节点不属于任何人：它们将在之后的边界退出共识；创立时请让人数与节点数相同',
    help: `
前几位创始人依次获得节点的席位。在此制作的密钥库用同一个密码加锁。

示例 Examples:
  mc org init --name our-village --people ann,bob,eve,sun
  mc org init --name our-village --card ann.card.json --card bob.card.json --profile guarded
  mc org init --name trial --people ann,bob,eve,sun --quick --rules rules.json
  mc org show
`,
  },
  id: {
    about: '您的密钥：制作、备份、恢复、更换',
    new: '制作密钥，以及出示公钥的名片',
    card: '重新写出名片',
    show: '查看您在组织中的身份',
    backup: '以 24 个词输出最新的密钥：谁有这些词，谁就有密钥',
    restore: '用标准输入的 24 个词制作密钥库',
    rotate: '更换新密钥；旧密钥保留，用于当时的议题',
    name: '名片上的称呼',
    org: '组织的 id，64 位十六进制（默认新建一个，供创始人使用）',
    out: '名片写到哪里（默认在密钥库旁）',
    words: '请按顺序手写这些词。没有人能替您恢复它们。',
    rotated: '新密钥立即用于签名；在议题中从成员纪元 {epoch} 起生效',
    genesis: '组织的创世文件，代替 --org：供新人使用',
    seat: '您的节点的数据目录：名片为它请求共识席位',
    cardNote: '接下来：把 {card} 交给一位成员，由其运行：mc member add 名片',
    orgNote: '其他创始人用同一个 id 制作密钥：mc id new … --org {org}',
    help: `
示例 Examples:
  mc id new me.keys --name Ann
  mc id new me.keys --name Sun --genesis genesis.json
  mc id card --as sun --seat ./my-node
  mc id show --as ann
  mc id backup --as ann
  mc id restore me.keys --org 5f0c…e1 < words.txt
  mc id rotate --as ann
`,
  },
  member: {
    about: '组织的成员',
    ls: '列出成员',
    show: '查看一位成员',
    add: '为名片上的新人发起加入组织的议题',
    admit: '接纳 {name}',
    leave: '在下一个边界退出组织',
    yes: '是的，我要退出',
    leaveSure: '您将不再是成员，只有经其他人决定才能回来。确实要这样请加 --yes。',
    departed: '您将在下一个边界退出',
    addNext: '会议开始后：mc propose {topic} --admit {card} --text "…"',
    help: `
示例 Examples:
  mc member ls
  mc member show bob
  mc member add sun.card.json --text "我们认识她" --as ann
  mc member leave --yes --as bob
`,
  },
  domain: {
    about: '议题域：共用一个等待队列和一套规则的一组议题',
    ls: '列出议题域及其队列',
    show: '查看一个议题域及其规则',
    help: `
DOMAIN 是名称，或 id 的开头。

示例 Examples:
  mc domain ls
  mc domain show general --json
`,
  },
  topic: {
    about: '议题：发起、参与、退出、查看',
    new: '发起议题',
    join: '参与议题，并提供您的期望',
    leave: '退出仍在等待的议题',
    withdraw: '撤回您发起且无他人参与的议题',
    ls: '列出议题',
    show: '查看议题：所处阶段、正文、方案；加 --as 还显示您的会议和选票',
    log: '查看对议题说过的一切：评论、方案、投票',
    tree: '查看各轮的全部会议，以及方案的去向',
    why: '查看议题每个数字的理由：规则、输入、结果',
    vectors: '用本程序运行规则的测试向量',
    domain: '所属议题域',
    kind: 'resolution、contract、membership、election、domain 或 upgrade',
    privacy: 'identified（实名）、pseudonymous（假名）或 secret（秘密）',
    state: '只列出处于此状态的',
    opened: '已发起',
    joined: '您已参与',
    updated: '您的期望已更改',
    left: '您已退出',
    withdrawn: '已撤回',
    none: '没有议题',
    late: '您来晚了：您的期望从下一轮起计入',
    secretSmall: '少量的秘密选票会泄露太多：投票人少于 {min} 时，往往能猜出谁投了什么',
    pauses: '约 {time}，网络停止时暂停',
    over: '已过',
    hidden: '赞成票在会议结束后显示',
    noMeetings: '还没有召开会议',
    noCandidates: '还没有人提出方案：mc propose',
    standsStill: '暂停；剩余 {time}',
    judged: '解除 {resume}，取消 {cancel}',
    executed: '已执行，{gas} 步',
    waiting: '等待下一个成员边界：还有 {open} 项',
    notJoined: '您没有参与：mc topic join',
    noSeat: '您目前没有席位',
    notVoted: '您尚未投票',
    youApprove: '您赞成 {ballot}',
    help: `
TOPIC 是 id 的开头。--privacy pseudonymous 用仅限此议题的假名隐藏您的身份；secret 还隐藏该假名的选票。

示例 Examples:
  mc topic new "新屋顶" --text "旧的漏水" --as ann
  mc topic join 5f0c --meet 3d --publicity 7d --capacity 9 --as bob
  mc topic show 5f0c --as bob
  mc topic log 5f0c
  mc topic why 5f0c --json
  mc topic vectors topics.vectors.json --json
`,
  },
  office: {
    mandate: '授权：执行代表持有什么，到何时为止',
    mandateLs: '列出授权及其转换条件',
    mandateShow: '查看一项授权',
    report: '就您持有的授权作报告',
    exception: '例外登记：尚未民主的过程',
    exceptionLs: '列出例外及其转换条件',
    ended: '已结束',
    running: '到 {end} 为止',
    none: '没有',
    help: `
示例 Examples:
  mc mandate ls
  mc mandate show 5f0c --json
  mc mandate report 5f0c --text "钥匙都在" --as eve
  mc exception ls
`,
  },
  contract: {
    about: '决定如何执行：模拟、类型、代码',
    simulate: '在当前状态上试运行，如同它已在此议题胜出；不改变任何东西',
    actions: '列出方案可用的动作，各附一个示例',
    types: '列出已安装的智能合约类型',
    cid: '输出代码文件的 CID',
    install: '写出安装代码文件的动作，供 upgrade 类议题提出',
    capabilities: '代码可以做什么，用逗号分隔',
    wouldDo: '它会',
    wouldFail: '它会失败：{reason}',
    gas: '{gas} 步',
    installNext: '以代码为正文提出：mc propose TOPIC --text-file {file} --actions ACTIONS.json',
    help: `
示例 Examples:
  mc contract simulate 5f0c --actions actions.json
  mc contract actions
  mc contract actions registry.set --json
  mc contract types
  mc contract install share.js --capabilities registry,event > actions.json
`,
  },
  verify: {
    about: '只相信创世文件：议题、分组、计票、选票，逐项证明并重新计算',
    topic: '证明议题的状态，并重新计算公示期',
    split: '用随机信标重新分配一轮会议',
    tally: '重新统计一轮的选票，每张都有证明',
    round: '哪一轮（默认最新一轮）',
    ballot: '证明您的选票如您所投地在状态中',
    proven: '已证明',
    notProven: '未证明',
    by: '区块 {epoch}，{signers} 位成员签名',
    blocks: '区块 {first} 至 {last}，每个至少有 f + 1 位成员签名',
    help: `
创世文件应来自您信任的地方，绝不能来自被询问的节点。每个区块须有 f + 1 位成员签名，每个条目须在该区块的状态中。未能证明的会明说。

示例 Examples:
  mc verify topic 5f0c --genesis genesis.json
  mc verify split 5f0c --round 1
  mc verify tally 5f0c --json
  mc verify ballot 5f0c --as ann
`,
  },
  watch: {
    about: '实时报告发生的事情',
    topic: '只报告与此议题有关的',
    until: '在这些类型的第一个事件后，或议题处于这些状态之一时结束；用逗号分隔',
    timeout: '超过此时间则放弃，退出码为 1（90s、15m）',
    already: '已经如此：{state}',
    help: `
加 --json 时每行一个 JSON 对象。不报告之前的事件；状态可能已经达到；若已不可能发生，退出码为 1。

示例 Examples:
  mc watch
  mc watch --topic 5f0c --until topic-executed --timeout 15m --json
  mc watch --topic 5f0c --until meeting

类型：{types}
状态：{states}
`,
  },
  outbox: {
    about: '未能送达的操作',
    ls: '列出它们以及各自的原因',
    send: '重新提交全部或其中一个；不能原样提交的会重新签名',
    drop: '放弃一个或全部',
    all: '全部',
    empty: '发件箱是空的',
    sent: '已在账本上',
    help: `
示例 Examples:
  mc outbox ls --as ann
  mc outbox send --as ann
  mc outbox drop 5f0c --as ann
  mc outbox drop --all --as ann
`,
  },
  words: {
    id: 'id',
    name: '名称',
    domain: '议题域',
    kind: '类型',
    privacy: '隐私',
    state: '状态',
    participants: '参与者',
    creator: '发起人',
    round: '轮',
    meeting: '会议',
    meetings: '会议',
    voters: '投票人',
    ballots: '选票',
    candidates: '方案',
    winner: '胜出方案',
    deadline: '截止',
    publicityEnd: '公示结束',
    supporters: '支持者',
    result: '结果',
    key: '密钥',
    keys: '密钥',
    member: '成员',
    members: '成员',
    seat: '席位',
    frozen: '已冻结',
    clock: '账本时钟',
    epoch: '成员纪元',
    block: '区块',
    position: '序号',
    topics: '议题',
    queue: '等待',
    active: '活跃',
    directory: '目录',
    nodes: '节点',
    profile: '规则集',
    card: '名片',
    holder: '持有人',
    powers: '权限',
    condition: '转换条件',
    organisation: '组织',
    text: '正文',
    yours: '您的会议',
    freezes: '冻结次数',
    evaluation: '评估',
    target: '对象',
    evidence: '证据',
    defence: '申辩',
    scope: '范围',
    report: '下次报告',
    capabilities: '可以做',
  },
  nodeStates: {
    joining: '加入中',
    voting: '投票中',
    quarantined: '隔离中',
    failed: '已失败',
  },
  states: {
    queued: '等待中',
    splitting: '分组中',
    meeting: '会议中',
    publicity: '公示中',
    frozen: '已冻结',
    scheduled: '已排期',
    executed: '已执行',
    execFailed: '执行失败',
    expired: '已过期',
    withdrawn: '已撤回',
    lapsed: '已失效',
    cancelled: '已取消',
    active: '活跃',
    left: '已退出',
    removed: '已移除',
  },
}
