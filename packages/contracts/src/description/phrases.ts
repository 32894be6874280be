/**
 * What each action does, in words: what people read before they decide, so every action has its sentence in every language.
 *
 * Identifiers are shown by their first bytes; the page shows the rest, and the bytes themselves behind a fold.
 */
import { hex } from '@mc/protocol/wire'
import type { Action, Capability, LocalText, Predicate } from '@mc/topics'

/** The languages that actions are described in. */
export type Language = 'en' | 'zh'

type Sentences = {
  readonly [T in Action['type']]: (action: Extract<Action, { type: T }>) => string
}

type Conditions = {
  readonly [T in Predicate['type']]: (condition: Extract<Predicate, { type: T }>) => string
}

/** The words of one language. */
export interface Phrases {
  readonly actions: Sentences
  readonly conditions: Conditions
  readonly capabilities: Readonly<Record<Capability, string>>
  /** A contract whose own words are not to be had. */
  readonly contract: (type: Uint8Array) => string
  readonly nothing: string
}

const short = (id: Uint8Array): string => `${hex(id.subarray(0, 6))}…`

/** The end of a CID tells it apart: all begin alike. */
const shortCid = (cid: Uint8Array): string => `…${hex(cid.subarray(-6))}`

const nameIn = (names: readonly LocalText[], language: Language): string =>
  (names.find(name => name.language.startsWith(language)) ?? names[0])?.text ?? ''

const en: Phrases = {
  nothing: 'Nothing happens; only the words count.',
  contract: type => `Runs the contract type ${shortCid(type)}.`,
  capabilities: {
    member: 'admit and remove members',
    domain: 'change domains',
    parameter: 'change parameters',
    schedule: 'schedule actions',
    mandate: 'grant and revoke mandates',
    exception: 'open and close exceptions',
    attester: 'add and remove attesters',
    contractType: 'install and retire contract code',
    protocol: 'upgrade the protocol',
    registry: 'set by-laws and resolutions',
    event: 'announce events',
  },
  actions: {
    'member.add': ({ key, seat }) =>
      `Admits the person with the key ${short(key)}${seat ? `, with the node “${seat.name}”` : ''}.`,
    'member.remove': ({ member }) => `Removes the member ${short(member)}.`,
    'member.leave': ({ member }) => `The member ${short(member)} leaves.`,
    'domain.create': ({ names }) => `Creates the domain “${nameIn(names, 'en')}”.`,
    'domain.rename': ({ names, expect }) =>
      `Renames the domain “${nameIn(expect, 'en')}” to “${nameIn(names, 'en')}”.`,
    'domain.merge': ({ from, into }) => `Merges the domain ${short(from)} into ${short(into)}.`,
    'domain.split': ({ domain, names, topics }) =>
      `Splits the domain “${nameIn(names, 'en')}” off from ${short(domain)}, with ${topics.length} queued topics.`,
    'domain.setParameters': ({ domain }) => `Changes the rules of the domain ${short(domain)}.`,
    'domain.setSlots': ({ domain, slots, expect }) =>
      `Changes the active slots of the domain ${short(domain)} from ${expect} to ${slots}.`,
    'parameter.set': ({ name, value, expect }) => `Changes the parameter ${name} from ${expect} to ${value}.`,
    'schedule.at': ({ clock }) => `When the clock L reaches ${clock} s, does this:`,
    'schedule.cancel': ({ entry }) => `Cancels what is scheduled as ${short(entry)}.`,
    'mandate.grant': ({ holder, powers, term }) =>
      `Gives the member ${short(holder)} a mandate for ${term} s: ${powers.map(power => en.capabilities[power]).join('; ')}.`,
    'mandate.revoke': ({ mandate }) => `Revokes the mandate ${short(mandate)}.`,
    'exception.open': ({ description, holder }) => `Opens an exception, held by “${holder}”: ${description}`,
    'exception.close': ({ exception }) => `Closes the exception ${short(exception)}.`,
    'attester.add': ({ name, evidenceClass }) =>
      `Adds the attester “${name}”, whose word is evidence of class ${evidenceClass}.`,
    'attester.remove': ({ attester }) => `Removes the attester ${short(attester)}.`,
    'contractType.install': ({ cid, capabilities }) =>
      `Installs the contract code ${shortCid(cid)}, which may: ${capabilities.map(one => en.capabilities[one]).join('; ')}.`,
    'contractType.retire': ({ cid }) => `Retires the contract code ${shortCid(cid)}.`,
    'protocol.upgrade': ({ module, manifest, isUrgent }) =>
      `${isUrgent ? 'Urgently upgrades' : 'Upgrades'} the module “${module}” to what the manifest ${shortCid(manifest)} names.`,
    'registry.set': ({ key, cid }) =>
      cid ? `Sets “${key}” to the content ${shortCid(cid)}.` : `Deletes the entry “${key}”.`,
    'event.emit': ({ name }) => `Announces the event “${name}”.`,
  },
  conditions: {
    typeInstalled: ({ contractType }) => `the contract code ${shortCid(contractType)} is installed`,
    parameterAtLeast: ({ name, value }) => `the parameter ${name} is at least ${value}`,
    membersAtLeast: ({ count }) => `there are at least ${count} members`,
    attestersAtLeast: ({ count }) => `there are at least ${count} attesters`,
    clockAtLeast: ({ clock }) => `the clock L has reached ${clock} s`,
    all: ({ of }) => `(${of.map(one => conditionIn(en, one)).join(' and ')})`,
    any: ({ of }) => `(${of.map(one => conditionIn(en, one)).join(' or ')})`,
    not: ({ of }) => `it is not true that ${conditionIn(en, of)}`,
    custom: ({ cid }) => `the code ${shortCid(cid)} says so`,
  },
}

const zh: Phrases = {
  nothing: '不执行任何操作，仅以文字为准。',
  contract: type => `运行合约类型 ${shortCid(type)}。`,
  capabilities: {
    member: '接纳和移除成员',
    domain: '变更议题域',
    parameter: '修改参数',
    schedule: '安排以后执行的操作',
    mandate: '授予和收回委任',
    exception: '登记和关闭例外',
    attester: '增加和移除认证人',
    contractType: '安装和停用合约代码',
    protocol: '升级协议',
    registry: '设定章程和决议',
    event: '发布事件',
  },
  actions: {
    'member.add': ({ key, seat }) =>
      `接纳公钥为 ${short(key)} 的人${seat ? `，其节点为“${seat.name}”` : ''}。`,
    'member.remove': ({ member }) => `移除成员 ${short(member)}。`,
    'member.leave': ({ member }) => `成员 ${short(member)} 退出。`,
    'domain.create': ({ names }) => `创建议题域“${nameIn(names, 'zh')}”。`,
    'domain.rename': ({ names, expect }) =>
      `将议题域“${nameIn(expect, 'zh')}”更名为“${nameIn(names, 'zh')}”。`,
    'domain.merge': ({ from, into }) => `将议题域 ${short(from)} 并入 ${short(into)}。`,
    'domain.split': ({ domain, names, topics }) =>
      `从议题域 ${short(domain)} 拆分出“${nameIn(names, 'zh')}”，带走 ${topics.length} 个排队中的议题。`,
    'domain.setParameters': ({ domain }) => `修改议题域 ${short(domain)} 的规则。`,
    'domain.setSlots': ({ domain, slots, expect }) =>
      `将议题域 ${short(domain)} 的激活名额由 ${expect} 改为 ${slots}。`,
    'parameter.set': ({ name, value, expect }) => `将参数 ${name} 由 ${expect} 改为 ${value}。`,
    'schedule.at': ({ clock }) => `当时钟 L 达到 ${clock} 秒时执行：`,
    'schedule.cancel': ({ entry }) => `取消已安排的操作 ${short(entry)}。`,
    'mandate.grant': ({ holder, powers, term }) =>
      `授予成员 ${short(holder)} 为期 ${term} 秒的委任：${powers.map(power => zh.capabilities[power]).join('；')}。`,
    'mandate.revoke': ({ mandate }) => `收回委任 ${short(mandate)}。`,
    'exception.open': ({ description, holder }) => `登记由“${holder}”持有的例外：${description}`,
    'exception.close': ({ exception }) => `关闭例外 ${short(exception)}。`,
    'attester.add': ({ name, evidenceClass }) => `增加认证人“${name}”，其证明属第 ${evidenceClass} 类证据。`,
    'attester.remove': ({ attester }) => `移除认证人 ${short(attester)}。`,
    'contractType.install': ({ cid, capabilities }) =>
      `安装合约代码 ${shortCid(cid)}，其权限为：${capabilities.map(one => zh.capabilities[one]).join('；')}。`,
    'contractType.retire': ({ cid }) => `停用合约代码 ${shortCid(cid)}。`,
    'protocol.upgrade': ({ module, manifest, isUrgent }) =>
      `${isUrgent ? '紧急' : ''}将模块“${module}”升级为清单 ${shortCid(manifest)} 所指的版本。`,
    'registry.set': ({ key, cid }) => (cid ? `将“${key}”设为内容 ${shortCid(cid)}。` : `删除条目“${key}”。`),
    'event.emit': ({ name }) => `发布事件“${name}”。`,
  },
  conditions: {
    typeInstalled: ({ contractType }) => `合约代码 ${shortCid(contractType)} 已安装`,
    parameterAtLeast: ({ name, value }) => `参数 ${name} 不小于 ${value}`,
    membersAtLeast: ({ count }) => `成员不少于 ${count} 人`,
    attestersAtLeast: ({ count }) => `认证人不少于 ${count} 位`,
    clockAtLeast: ({ clock }) => `时钟 L 已达到 ${clock} 秒`,
    all: ({ of }) => `（${of.map(one => conditionIn(zh, one)).join('，并且')}）`,
    any: ({ of }) => `（${of.map(one => conditionIn(zh, one)).join('，或者')}）`,
    not: ({ of }) => `并非${conditionIn(zh, of)}`,
    custom: ({ cid }) => `代码 ${shortCid(cid)} 判定成立`,
  },
}

/** The words of each language. */
export const PHRASES: Readonly<Record<Language, Phrases>> = { en, zh }

/** One action as a sentence. */
export const sentenceIn = ({ actions }: Phrases, action: Action): string =>
  (actions[action.type] as (action: Action) => string)(action)

/** One condition as a clause. */
export const conditionIn = ({ conditions }: Phrases, condition: Predicate): string =>
  (conditions[condition.type] as (condition: Predicate) => string)(condition)
