import { committee, type PeerIndex } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { Standing, type StandingOptions } from '../../src/replica/standing.js'

const peer = (index: number): PeerIndex => index as PeerIndex

const standing = (options: Partial<StandingOptions> = {}): Standing =>
  new Standing({
    committee: committee({ n: 4, f: 1, self: 0 }),
    logIsWhole: true,
    quarantinedUntil: undefined,
    epochsTaken: 3,
    ...options,
  })

describe('standing', () => {
  test('it votes once n − f − 1 others have said hello', () => {
    const joining = standing()
    joining.onHello(peer(1), 0)
    expect([joining.state, joining.begins(0)]).toEqual(['joining', false])
    joining.onHello(peer(1), 0)
    expect(joining.begins(0)).toBe(false)
    joining.onHello(peer(2), 0)
    expect([joining.begins(0), joining.begins(0), joining.state]).toEqual([true, false, 'voting'])
  })

  test('f + 1 that have heard us where our log says nothing quarantine us, f do not', () => {
    const stale = standing()
    stale.onReplayed(5)
    stale.onHello(peer(1), 6)
    stale.onHello(peer(2), 5)
    expect(stale.state).toBe('joining')
    stale.onHello(peer(3), 6)
    expect([stale.state, stale.begins(100)]).toEqual(['quarantined', false])
  })

  test('a quarantine ends 3 windows above where n − f others had nothing more, each at its time', () => {
    const lost = standing({ logIsWhole: false })
    lost.onNothingMore(peer(1), 10)
    lost.onNothingMore(peer(1), 11)
    lost.onNothingMore(peer(2), 12)
    expect(lost.quarantinedUntil).toBeUndefined()
    lost.onNothingMore(peer(3), 14)
    expect(lost.quarantinedUntil).toBe(14 + 3 * 3 + 1)
    lost.onNothingMore(peer(1), 20)
    expect([lost.begins(23), lost.begins(24)]).toEqual([false, true])
  })

  test('an earlier quarantine goes on', () => {
    const earlier = standing({ quarantinedUntil: 30 })
    for (const index of [1, 2, 3]) earlier.onHello(peer(index), 0)
    expect([earlier.state, earlier.begins(29), earlier.begins(30)]).toEqual(['quarantined', false, true])
  })
})
