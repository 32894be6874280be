/**
 * Writes town-hall.jsonl: the same bytes whenever and wherever it runs.
 *
 *   node scripts/build.mjs && node examples/data/write-town-hall.mjs
 *
 * The authors' keys come from their names, so everybody has them: they are good for this example and for nothing else.
 */
import { writeFileSync } from 'node:fs'
import { nodeCrypto as crypto } from '../../packages/crypto/dist/node.js'
import { encodeBody, operationCodec, operationId, operationToJson, signOperation } from '../../packages/ledger/dist/index.js'
import { closers, matters, minutes, openers, people, places, replies, short, voteReasons } from './town-hall-texts.mjs'

const REALM = 'town-hall'
const FIRST_MOMENT = Date.UTC(2026, 2, 2, 7, 30)
const COMMENTS_PER_TOPIC = 9
const VOTES_PER_TOPIC = 6

/** Bytes that long texts are filled up to; the last two come close to the most that an operation may hold. */
const LONG_TEXTS = [2_000, 6_000, 12_000, 24_000, 40_000, 52_000, 64_000, 65_400]

let state = 20260302
/** A number in 0 … bound − 1; mulberry32. */
function draw(bound) {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
}
const pick = list => list[draw(list.length)]

/** The items in drawn order. */
function shuffled(list) {
  const rest = [...list]
  return list.map(() => rest.splice(draw(rest.length), 1)[0])
}

const keyOf = ({ name }) => crypto.sha256(new TextEncoder().encode(`town hall example: ${name}`))
const hex = bytes => Buffer.from(bytes).toString('hex')
const bytesOf = text => Buffer.byteLength(text)
const fill = (text, { place, language, number }) =>
  text.replaceAll('{p}', place[language]).replaceAll('{n}', String(number))

const lines = []
let moment = FIRST_MOMENT

/** Signs an operation, keeps its line, and gives its id. */
function write(author, kind, content) {
  moment += 1_000 + draw(240_000)
  const bytes = signOperation({ realm: REALM, kind, created: moment, body: encodeBody(content) }, keyOf(author), crypto)
  lines.push(JSON.stringify(operationToJson(operationCodec.decode(bytes))))
  return hex(operationId(bytes, crypto.sha256))
}

/** Nine of ten write in the language they prefer. */
const languageOf = author => ((author.zh === true) === (draw(10) > 0) ? 'zh' : 'en')

function openTopic(matter, place) {
  const author = pick(people)
  const language = languageOf(author)
  const number = 3 + draw(37)
  const { title, text } = matter[language]
  const id = write(author, 'topic.open', {
    title: fill(title, { place, language, number }),
    text: fill(text, { place, language, number }),
    tag: matter.tag,
    language,
  })
  return { id, matter, place, comments: [] }
}

function comment(topic) {
  const author = pick(people)
  const language = languageOf(author)
  const said = topic.matter[language]
  const values = { place: topic.place, language, number: 2 + draw(8) }
  const replyTo = topic.comments.length > 0 && draw(3) === 0 ? pick(topic.comments) : undefined
  const opener = replyTo === undefined ? pick(openers[language]) : pick(replies[language])
  const points = draw(5) === 0 ? [pick(said.pro), pick(said.ask)] : [pick([...said.pro, ...said.con, ...said.ask])]
  const text =
    draw(12) === 0
      ? pick(short[language])
      : fill(opener + points.join(language === 'zh' ? '' : ' ') + pick(closers[language]), values)
  const id = write(author, 'comment', { topic: topic.id, text, language, ...(replyTo === undefined ? {} : { replyTo }) })
  topic.comments.push(id)
}

function vote(topic, author) {
  const language = languageOf(author)
  const reason = pick(voteReasons[language])
  const choice = pick(['yes', 'yes', 'yes', 'no', 'no', 'abstain'])
  write(author, 'vote', { topic: topic.id, choice, ...(reason === '' ? {} : { reason }) })
}

/** Minutes of an assembly, filled up with what people said until they have the wanted size. */
function longText(number, bytesMax) {
  const language = number % 2 === 0 ? 'en' : 'zh'
  const words = minutes[language]
  let text = words.head.replaceAll('{n}', String(number)).replaceAll('{c}', String(40 + draw(200)))
  for (let item = 1; ; item += 1) {
    const values = { place: pick(places), language, number: 3 + draw(37) }
    const said = matters[(item * 7 + number) % matters.length][language]
    const intro = words.item
      .replace('{i}', String(item))
      .replace('{t}', fill(said.title, values))
      .replace('{a}', pick(people).name)
      .replace('{text}', fill(said.text, values))
    const voices = shuffled([...said.pro, ...said.con, ...said.ask])
    const speeches = voices.map(voice => words.said.replace('{a}', pick(people).name).replace('{s}', fill(voice, values)))
    const whole = intro + speeches.join('') + words.end
    if (bytesOf(text) + bytesOf(whole) > bytesMax - 200) return { language, text, title: words.title.replace('{n}', String(number)) }
    text += whole
  }
}

const topics = []
for (const place of places) for (const matter of matters) topics.push({ matter, place })
const open = []
while (topics.length > 0) {
  const [{ matter, place }] = topics.splice(draw(topics.length), 1)
  // A matter comes up in most places, not in all.
  if (draw(10) < 1) continue
  open.push(openTopic(matter, place))
  for (let count = 0; count < COMMENTS_PER_TOPIC; count += 1) comment(pick(open.slice(-12)))
  for (const voter of shuffled(people).slice(0, VOTES_PER_TOPIC)) vote(open.at(-1), voter)
  const target = LONG_TEXTS[open.length / 16 - 1]
  if (target !== undefined) {
    const { language, text, title } = longText(open.length / 16, target)
    const id = write(pick(people), 'topic.open', { title, text, tag: 'minutes', language })
    open.push({ id, matter, place, comments: [] })
  }
}

writeFileSync(new URL('town-hall.jsonl', import.meta.url), `${lines.join('\n')}\n`)
console.log(`${lines.length} operations`)
