import { equalBytes } from '@mc/crypto'
import {
  advanceBeacon,
  type BeaconReveal,
  CHAIN_LINKS,
  initialBeacon,
  OwnBeaconChain,
  reseatChains,
} from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { batchOf, genesisOf, ledgerOf, START, secretOf, sha256 } from './network-of.js'

const NETWORK = sha256(utf8('a network'))
const own = (name: string): OwnBeaconChain => new OwnBeaconChain(secretOf(name), NETWORK, sha256)
const NOTHING: BeaconReveal = { link: undefined, end: undefined }

/** The beacon after every one of `names` has registered its chain, and their chains. */
function registered(names: readonly string[]) {
  const members = names.map(own)
  const initial = initialBeacon(NETWORK, names.length)
  const ends = new Map(members.map((member, at) => [at, member.reveal(initial.chains[at]!)]))
  return { members, state: advanceBeacon(initial, ends, sha256) }
}

describe('chains', () => {
  test('a first proposal registers the end of a chain, every later one reveals the link before', () => {
    const { members, state } = registered(['ann', 'bob'])
    expect(state.chains.map(({ generation, used }) => [generation, used])).toEqual([
      [1, 0],
      [1, 0],
    ])
    const { link, end } = members[0]!.reveal(state.chains[0]!)
    expect(end).toBeUndefined()
    expect(sha256(link!)).toEqual(state.chains[0]!.last)
    const next = advanceBeacon(state, new Map([[0, { link, end }]]), sha256)
    expect(next.chains[0]).toEqual({ generation: 1, used: 1, last: link })
    expect(next.chains[1]).toEqual(state.chains[1])
  })

  test('what is no link of the chain counts for nothing, and a chain is not replaced before it is used up', () => {
    const { members, state } = registered(['ann', 'bob'])
    const silent = advanceBeacon(state, new Map(), sha256)
    const wrong = members[1]!.reveal(state.chains[1]!)
    for (const reveal of [
      NOTHING,
      wrong,
      { link: undefined, end: NETWORK },
      { link: NETWORK, end: NETWORK },
    ]) {
      expect(advanceBeacon(state, new Map([[0, reveal]]), sha256)).toEqual(silent)
    }
    const right = members[0]!.reveal(state.chains[0]!)
    const renewed = advanceBeacon(state, new Map([[0, { ...right, end: NETWORK }]]), sha256)
    expect(renewed.chains[0]?.generation).toBe(1)
  })

  test('a link counts once', () => {
    const { members, state } = registered(['ann'])
    const reveal = new Map([[0, members[0]!.reveal(state.chains[0]!)]])
    const once = advanceBeacon(state, reveal, sha256)
    expect(advanceBeacon(once, reveal, sha256).chains).toEqual(once.chains)
  })

  test('the last link comes with the end of the next chain, so a member never runs out', () => {
    const { members, state } = registered(['ann'])
    let now = state
    for (let at = 0; at < CHAIN_LINKS + 2; at += 1) {
      now = advanceBeacon(now, new Map([[0, members[0]!.reveal(now.chains[0]!)]]), sha256)
    }
    expect(now.chains[0]).toMatchObject({ generation: 2, used: 2 })
  })
})

describe('R_h', () => {
  test('depends on the beacon before and on every link that is in', () => {
    const { members, state } = registered(['ann', 'bob', 'cao'])
    const reveals = members.map((member, at) => [at, member.reveal(state.chains[at]!)] as const)
    const values = [reveals, reveals.slice(1), reveals.slice(0, 1), []].map(some =>
      hex(advanceBeacon(state, new Map(some), sha256).value),
    )
    expect(new Set(values).size).toBe(4)
    const other = { ...state, value: sha256(state.value) }
    expect(hex(advanceBeacon(other, new Map(reveals), sha256).value)).not.toBe(values[0])
  })

  test('does not depend on the order in which links were handed over', () => {
    const { members, state } = registered(['ann', 'bob', 'cao'])
    const reveals = members.map((member, at) => [at, member.reveal(state.chains[at]!)] as const)
    const [there, back] = [reveals, [...reveals].reverse()].map(some =>
      advanceBeacon(state, new Map(some), sha256),
    )
    expect(equalBytes(there!.value, back!.value)).toBe(true)
  })

  test('members keep their chains by key when others come and go', () => {
    const { state } = registered(['ann', 'bob'])
    expect(reseatChains(state, [1, -1]).chains).toEqual([
      state.chains[1],
      { generation: 0, used: 0, last: new Uint8Array(0) },
    ])
  })
})

describe('in a ledger', () => {
  test('headers carry the chain on, blocks say where it stands, and a restored ledger goes on alike', () => {
    const ledger = ledgerOf(genesisOf(4))
    for (let epoch = 0; epoch < 3; epoch += 1) {
      const headers = ['ann', 'bob', 'cao'].map((name, proposer) => ({
        proposer,
        header: ledger.header(START + epoch, secretOf(name)),
      }))
      const { block } = ledger.apply(batchOf(epoch, [], headers))
      expect(block.beaconChains.map(({ used }) => used)).toEqual([epoch, epoch, epoch, 0])
    }
    const values = new Set(ledger.position.recent.map(({ beacon }) => hex(beacon)))
    expect(values.size).toBe(ledger.position.recent.length)
  })

  test('a clock that is behind says the agreed time', () => {
    const ledger = ledgerOf(genesisOf(4))
    const { block } = ledger.apply(
      batchOf(0, [], [{ proposer: 0, header: ledger.header(START - 5_000, secretOf('ann')) }]),
    )
    expect(block.memberTimes[0]).toBe(START)
  })
})
