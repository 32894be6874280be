/** The texts in English. */

/** The texts in English: those of other languages have the same names. */
export const EN = {
  flags: {
    dir: 'data directory of the organisation, or of one node',
    api: 'address of a node, in place of --dir',
    tokenFile: 'file with the token of that node',
    lang: 'zh or en; otherwise that of LC_ALL or LANG',
    json: 'print one JSON object',
    as: 'who acts: a keystore in the folder people',
    keys: 'the keystore of who acts, in place of --as',
    passwordFile: 'file whose first line is the password; otherwise MC_PASSWORD, otherwise you are asked',
    trial: 'lock keystores with a cost that is easy to guess: for trying out',
    title: 'the title',
    text: 'the text',
    textFile: 'the text, from a file',
    meet: 'how long a meeting should be open (90s, 2h, 3d)',
    publicity: 'how long a decision should be shown before it is carried out',
    capacity: 'how many people a meeting should have at most',
    actions: 'what it does: actions in JSON, from a file or - for standard input',
    contract: 'what it does: a contract, by the CID of its code in hexadecimal',
    parameters: 'parameters of the contract in JSON, from a file',
    genesis: 'the genesis that you trust (default: that in --dir)',
  },
  password: { of: 'Password of', new: 'New password for', again: 'The same again' },
  org: {
    about: 'found an organisation, show it',
    init: 'found an organisation on this machine: nodes, people, rules',
    show: 'show how the organisation stands',
    name: 'the name that everything is signed for: one that no other organisation of these people has',
    nodes: 'how many nodes (default: as many as founders, at least 4)',
    people: 'founders whose keystores are made here, with commas between',
    card: 'card of a founder who has keys already; once for each',
    profile: 'seed, as the mission says; or guarded, with safer variants',
    rules: 'what differs from the profile: {"rules":{"general":{…}},"parameters":{…}} in a JSON file',
    quick: 'windows from one second on: for trying out',
    preset: 'which system (default: waterbear-qs-q)',
    founded: 'founded',
    next: 'what comes next',
    nextRun: 'start its nodes, and leave this running: mc net up --dir {dir}',
    nextOpen: 'open a topic, in another terminal: mc topic new "A new roof" --as {who} --dir {dir}',
    nextCopy: 'each founder keeps a copy of the keystore and of {dir}/genesis.json, which mc verify trusts',
    unowned:
      '{count} of the nodes belong to nobody: they leave the consensus at the next boundaries; found with as many people as nodes',
    help: `
The first founders take the seats of the nodes, in order. One password locks the keystores that are made here.

Examples:
  mc org init --name our-village --people ann,bob,eve,sun
  mc org init --name our-village --card ann.card.json --card bob.card.json --profile guarded
  mc org init --name trial --people ann,bob,eve,sun --quick --rules rules.json
  mc org show
`,
  },
  id: {
    about: 'your keys: make, back up, restore, change',
    new: 'make keys, and a card that shows the public one',
    card: 'write the card again',
    show: 'show who you are to the organisation',
    backup: 'print your newest key as 24 words: whoever has them has the key',
    restore: 'make a keystore from 24 words on standard input',
    rotate: 'take a new key; older ones stay for the topics of their time',
    name: 'what you are called on the card',
    org: 'the id of the organisation, 64 hexadecimal digits (default: a new one, for founders)',
    out: 'where the card goes (default: beside the keystore)',
    words: 'Write these words down by hand, in this order. Nobody can restore them for you.',
    rotated: 'your new key signs at once; in topics it counts from membership epoch {epoch} on',
    genesis: 'the genesis of the organisation, in place of --org: for newcomers',
    seat: 'a node of yours, by its data directory: the card asks for a seat in the consensus for it',
    orgNote: 'founders make their keys for the same id: mc id new … --org {org}',
    cardNote: 'what comes next: give {card} to a member, who runs: mc member add CARD',
    help: `
Examples:
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
    about: 'people of the organisation',
    ls: 'list the members',
    show: 'show a member',
    add: 'open a topic in which a newcomer is admitted, by its card',
    admit: 'Admit {name}',
    leave: 'leave the organisation, at the next boundary',
    yes: 'yes, I want to leave',
    leaveSure:
      'you would be no member any more, and come back only by a decision of the others. Add --yes if you want that.',
    departed: 'you leave at the next boundary',
    addNext: 'when its meeting is open: mc propose {topic} --admit {card} --text "…"',
    help: `
Examples:
  mc member ls
  mc member show bob
  mc member add sun.card.json --text "we know her" --as ann
  mc member leave --yes --as bob
`,
  },
  domain: {
    about: 'domains: groups of topics with one queue and their own rules',
    ls: 'list the domains, with their queues',
    show: 'show a domain and its rules',
    help: `
DOMAIN is a name, or the beginning of an id.

Examples:
  mc domain ls
  mc domain show general --json
`,
  },
  topic: {
    about: 'topics: open, join, leave, look',
    new: 'open a topic',
    join: 'take part in a topic, and say what you expect',
    leave: 'leave a topic that still waits',
    withdraw: 'take back a topic that you have opened and nobody else has joined',
    ls: 'list the topics',
    show: 'show a topic: where it stands, its text, its candidates; with --as also your own meeting and ballot',
    log: 'show everything that was said to a topic: comments, proposals, votes',
    tree: 'show all meetings of all rounds, and where proposals went',
    why: 'show the reason of every number of a topic: rule, inputs, result',
    vectors: 'run the test vectors of the rules against this program',
    domain: 'in which domain',
    kind: 'resolution, contract, membership, election, domain or upgrade',
    privacy: 'identified, pseudonymous or secret',
    state: 'only those in this state',
    opened: 'opened',
    joined: 'you take part',
    updated: 'your expectations have changed',
    left: 'you take part no more',
    withdrawn: 'taken back',
    none: 'there are no topics',
    late: 'you came late: your expectations count from the next round on',
    secretSmall: 'a few secret ballots tell too much: below {min} voters who voted what can often be guessed',
    pauses: 'about {time}, pauses if the network stops',
    over: 'over',
    hidden: 'approvals are shown when the meeting closes',
    noMeetings: 'no meeting has been opened yet',
    noCandidates: 'nobody has proposed anything yet: mc propose',
    standsStill: 'stands still; {time} were left',
    judged: 'resume {resume}, cancel {cancel}',
    executed: 'carried out, in {gas} steps',
    waiting: 'waits for the next membership boundary: {open} left to do',
    notJoined: 'you take no part: mc topic join',
    noSeat: 'you have no seat now',
    notVoted: 'you have not voted',
    youApprove: 'you approve {ballot}',
    help: `
TOPIC is the beginning of an id. --privacy pseudonymous hides who you are behind a name for this topic; secret hides the ballots
of that name, too.

Examples:
  mc topic new "A new roof" --text "The old one leaks" --as ann
  mc topic join 5f0c --meet 3d --publicity 7d --capacity 9 --as bob
  mc topic show 5f0c --as bob
  mc topic log 5f0c
  mc topic why 5f0c --json
  mc topic vectors topics.vectors.json --json
`,
  },
  office: {
    mandate: 'mandates: what elected people hold, until when',
    mandateLs: 'list the mandates, with the condition that ends each',
    mandateShow: 'show a mandate',
    report: 'report on a mandate that you hold',
    exception: 'the register of what is not democratic yet',
    exceptionLs: 'list the exceptions, with the condition that ends each',
    ended: 'ended',
    running: 'until {end}',
    none: 'there are none',
    help: `
Examples:
  mc mandate ls
  mc mandate show 5f0c --json
  mc mandate report 5f0c --text "all keys are there" --as eve
  mc exception ls
`,
  },
  contract: {
    about: 'what decisions do: simulate, types, code',
    simulate: 'run a program on the state of now, as if it had won this topic; nothing changes',
    actions: 'list the actions that a proposal may do, each with an example',
    types: 'list the types of contracts that are installed',
    cid: 'print the CID of a file of code',
    install: 'write the action that installs a file of code, to be proposed in a topic of kind upgrade',
    capabilities: 'what the code may do, with commas between',
    wouldDo: 'it would',
    wouldFail: 'it would fail: {reason}',
    gas: '{gas} steps',
    installNext:
      'propose it, with the code as its text: mc propose TOPIC --text-file {file} --actions ACTIONS.json',
    help: `
Examples:
  mc contract simulate 5f0c --actions actions.json
  mc contract actions
  mc contract actions registry.set --json
  mc contract types
  mc contract install share.js --capabilities registry,event > actions.json
`,
  },
  verify: {
    about: 'believe nothing but a genesis: topics, splits, counts, ballots, proven and computed again',
    topic: 'prove how a topic stands, and compute its publicity again',
    split: 'deal the meetings of a round again from the beacon',
    tally: 'count the ballots of a round again, each proven',
    round: 'which round (default: the newest)',
    ballot: 'prove that your own ballot is in the state as you cast it',
    proven: 'proven',
    notProven: 'not proven',
    by: 'block {epoch}, signed by {signers} members',
    blocks: 'blocks {first} to {last}, each signed by f + 1 members or more',
    help: `
The genesis comes from a file that you trust, never from the node that is asked. f + 1 members must have signed every block, and
every entry must be in the state of such a block. What could not be shown is said.

Examples:
  mc verify topic 5f0c --genesis genesis.json
  mc verify split 5f0c --round 1
  mc verify tally 5f0c --json
  mc verify ballot 5f0c --as ann
`,
  },
  watch: {
    about: 'tell what happens, as it happens',
    topic: 'only what is about this topic',
    until:
      'end after the first event of one of these types, or when the topic is in one of these states; with commas between',
    timeout: 'give up after this time, with exit code 1 (90s, 15m)',
    already: 'it is so already: {state}',
    help: `
With --json one JSON object per line. Events from before are not told. A state may have been reached already; where something can no longer happen, the
command ends with 1.

Examples:
  mc watch
  mc watch --topic 5f0c --until topic-executed --timeout 15m --json
  mc watch --topic 5f0c --until meeting

Types: {types}
States: {states}
`,
  },
  outbox: {
    about: 'operations that did not get through',
    ls: 'list them, with the reason of each',
    send: 'hand them in again, all or one; what cannot be handed in as it is is signed anew',
    drop: 'forget one, or all',
    all: 'all of them',
    empty: 'the outbox is empty',
    sent: 'on the ledger',
    help: `
Examples:
  mc outbox ls --as ann
  mc outbox send --as ann
  mc outbox drop 5f0c --as ann
  mc outbox drop --all --as ann
`,
  },
  words: {
    id: 'id',
    name: 'name',
    domain: 'domain',
    kind: 'kind',
    privacy: 'privacy',
    state: 'state',
    participants: 'participants',
    creator: 'opened by',
    round: 'round',
    meeting: 'meeting',
    meetings: 'meetings',
    voters: 'voters',
    ballots: 'ballots',
    candidates: 'candidates',
    winner: 'winner',
    deadline: 'deadline',
    publicityEnd: 'end of publicity',
    supporters: 'supporters',
    result: 'result',
    key: 'key',
    keys: 'keys',
    member: 'member',
    members: 'members',
    seat: 'seat',
    frozen: 'frozen',
    clock: 'ledger clock',
    epoch: 'membership epoch',
    block: 'block',
    position: 'number',
    topics: 'topics',
    queue: 'waiting',
    active: 'active',
    directory: 'directory',
    nodes: 'nodes',
    profile: 'profile',
    card: 'card',
    holder: 'holder',
    powers: 'powers',
    condition: 'ends when',
    organisation: 'organisation',
    text: 'text',
    yours: 'your meeting',
    freezes: 'freezes',
    evaluation: 'evaluation',
    target: 'about',
    evidence: 'evidence',
    defence: 'defence',
    scope: 'scope',
    report: 'next report',
    capabilities: 'may',
  },
  nodeStates: {
    joining: 'joining',
    voting: 'voting',
    quarantined: 'quarantined',
    failed: 'failed',
  },
  states: {
    queued: 'waiting',
    splitting: 'being dealt',
    meeting: 'in meetings',
    publicity: 'in publicity',
    frozen: 'frozen',
    scheduled: 'scheduled',
    executed: 'carried out',
    execFailed: 'failed when carried out',
    expired: 'expired',
    withdrawn: 'withdrawn',
    lapsed: 'lapsed',
    cancelled: 'cancelled',
    active: 'active',
    left: 'left',
    removed: 'removed',
  },
}
