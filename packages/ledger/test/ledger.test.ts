import { equalBytes, seededRng } from '@mc/crypto'
import {
  type AgreedBatch,
  type Configuration,
  decodeBlock,
  encodeBlock,
  type Genesis,
  GenesisError,
  Ledger,
  type RecordsState,
  type StateMachine,
} from '@mc/ledger'
import { InvariantViolation } from '@mc/protocol'
import { utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import {
  batchOf,
  configurationOf,
  crypto,
  genesisOf,
  header,
  ledgerOf,
  numbered,
  opaqueRecords,
  publicOf,
  START,
  sealOf,
  secretOf,
  sha256,
} from './network-of.js'

const cidsOf = (ledger: Ledger<RecordsState>, batches: readonly AgreedBatch[]): readonly string[] =>
  batches.map(batch => ledger.apply(batch).cid.toString())

/** A machine that changes the configuration when an operation says so by its number. */
function reconfiguring(next: ReadonlyMap<string, Configuration>): StateMachine<RecordsState> {
  const machine = opaqueRecords()
  return {
    ...machine,
    apply: (state, block) => {
      const applied = machine.apply(state, block)
      const configuration = block.operations
        .map(({ bytes }) => next.get(String.fromCharCode(...bytes)))
        .find(one => one !== undefined)
      return configuration === undefined ? applied : { ...applied, configuration }
    },
  }
}

test('a clock that came as an operation counts, unless its member’s own proposal is in the block', () => {
  const sent = new Map([
    [1, START + 70],
    [2, START + 80],
  ])
  const seen: number[] = []
  const machine: StateMachine<RecordsState> = {
    ...opaqueRecords(),
    clocks: (_, operations) => {
      seen.push(operations.length)
      return operations.length === 0 ? new Map() : sent
    },
  }
  const ledger = ledgerOf(genesisOf(4), machine)
  ledger.apply(batchOf(0))
  const { block } = ledger.apply(batchOf(1, [numbered(1)], [{ proposer: 2, header: header(START + 30) }]))
  expect(block.memberTimes.map(time => time - START)).toEqual([0, 70, 30, 0])
  // The (f + 1)-th largest of 70, 30, 0, 0.
  expect(block.time).toBe(START + 30)
  expect(seen).toEqual([0, 1])
})

describe('a block is made of what was agreed', () => {
  test('the first block has no previous one, each later one names the one before', () => {
    const ledger = ledgerOf(genesisOf(4))
    const first = ledger.apply(batchOf(0, [numbered(0)]))
    const second = ledger.apply(batchOf(1, [numbered(1), numbered(0)]))
    expect(first.block.previous).toBeNull()
    expect(second.block.previous?.equals(first.cid)).toBe(true)
    expect([first.block.epoch, second.block.epoch, ledger.nextEpoch]).toEqual([0, 1, 2])
    expect(second.block.operations).toBe(2)
    expect(second.receipts.map(({ accepted }) => accepted)).toEqual([true, false])
    expect(second.block.payloads.map(({ proposer }) => proposer)).toEqual([0, 1, 2])
  })

  test('the bytes are the block’s, and its state root is the ledger’s', () => {
    const ledger = ledgerOf(genesisOf(4))
    const { block, bytes } = ledger.apply(batchOf(0, [numbered(0)]))
    expect(decodeBlock(bytes)).toEqual(block)
    expect(block.stateRoot).toEqual(ledger.stateRoot())
    expect(ledger.tip?.block).toEqual(block)
  })

  test.each([1, 7, -1])('a batch of epoch %i is not the first', epoch => {
    expect(() => ledgerOf(genesisOf(4)).apply(batchOf(epoch))).toThrow(InvariantViolation)
  })

  test('the first epoch is the one of the genesis, and no batch is applied twice', () => {
    const genesis = genesisOf(4)
    const late: Genesis = { ...genesis, configuration: { ...genesis.configuration, firstEpoch: 9 } }
    const ledger = ledgerOf(late)
    ledger.apply(batchOf(9))
    expect(() => ledger.apply(batchOf(9))).toThrow('the batch after 9 is 10, not 9')
  })

  test('payloads out of order, or two of one proposer, are our own bug', () => {
    const batch = batchOf(0)
    for (const payloads of [[...batch.payloads].reverse(), [batch.payloads[0]!, batch.payloads[0]!]]) {
      expect(() => ledgerOf(genesisOf(4)).apply({ ...batch, payloads })).toThrow(InvariantViolation)
    }
  })

  test('no ledger begins with a genesis that has no members', () => {
    const genesis = genesisOf(4)
    const empty = { ...genesis, configuration: { ...genesis.configuration, members: [] } }
    expect(() => ledgerOf(empty)).toThrow(GenesisError)
  })
})

describe('the same batches give the same blocks', () => {
  const genesis = genesisOf(4, 3)

  /** Ten batches in which members sign what they have seen, some of it wrongly. */
  function history(seed: string): readonly AgreedBatch[] {
    const rng = seededRng(seed, sha256)
    const reference = ledgerOf(genesis)
    return Array.from({ length: 10 }, (_, epoch) => {
      const headers = [0, 1, 2, 3].flatMap(proposer => {
        const recent = reference.position.recent[rng.below(3)]
        const name = genesis.configuration.members[(proposer + (rng.below(4) === 0 ? 1 : 0)) % 4]!.name
        const seal = recent && { epoch: recent.epoch, signature: sealOf(recent, name) }
        const bytes = rng.below(5) === 0 ? rng.bytes(9) : header(START + epoch * 1_000 + rng.below(500), seal)
        return rng.below(4) === 0 ? [] : [{ proposer, header: bytes }]
      })
      const batch = batchOf(epoch, [numbered(epoch), numbered(rng.below(10))], headers)
      reference.apply(batch)
      return batch
    })
  }

  test.each(['a', 'b', 'c', 'd', 'e'])('whatever seals came out of band before (history %s)', seed => {
    const batches = history(seed)
    const [plain, gossiping] = [ledgerOf(genesis), ledgerOf(genesis)]
    const rng = seededRng(`gossip ${seed}`, sha256)
    for (const batch of batches) {
      const [left, right] = [plain.apply(batch), gossiping.apply(batch)]
      expect(right.cid.equals(left.cid)).toBe(true)
      expect(right.receipts).toEqual(left.receipts)
      for (const { block } of [left]) {
        for (const [member, { name }] of genesis.configuration.members.entries()) {
          if (rng.bit() === 1) gossiping.addSeal(block.epoch, { member, signature: sealOf(block, name) })
          gossiping.addSeal(block.epoch, { member, signature: rng.bytes(64) })
        }
      }
    }
    expect(gossiping.stateRoot()).toEqual(plain.stateRoot())
  })

  test('a restored ledger makes the same blocks as one that replayed from the genesis', () => {
    const batches = history('restore')
    const machine = opaqueRecords()
    for (let stop = 0; stop < batches.length; stop += 1) {
      const [source, replayed] = [ledgerOf(genesis), ledgerOf(genesis)]
      cidsOf(source, batches.slice(0, stop))
      cidsOf(replayed, batches.slice(0, stop))
      const snapshot = machine.snapshot(source.state)
      const chunks = Array.from({ length: snapshot.chunkCount }, (_, index) => snapshot.chunk(index))
      const state = machine.openSnapshot(snapshot.manifest, source.stateRoot())!.restore(chunks)
      const restored = Ledger.restore({ genesis, crypto, machine }, source.position, state)
      expect(restored.nextEpoch).toBe(stop)
      expect(cidsOf(restored, batches.slice(stop))).toEqual(cidsOf(replayed, batches.slice(stop)))
    }
  })
})

describe('restoring what was not verified is our own bug', () => {
  const genesis = genesisOf(4, 2)
  const source = ledgerOf(genesis)
  cidsOf(source, [batchOf(0, [numbered(0)]), batchOf(1, [numbered(1)]), batchOf(2, [numbered(2)])])
  const options = { genesis, crypto, machine: opaqueRecords() }
  const { position } = source

  test('another state', () => {
    const other = ledgerOf(genesis)
    expect(() => Ledger.restore(options, position, other.state)).toThrow(InvariantViolation)
  })

  test('another configuration than the last block announced', () => {
    const configuration = configurationOf(['ann', 'bob', 'cao', 'eve'], 2)
    expect(() => Ledger.restore(options, { ...position, configuration }, source.state)).toThrow('announced')
  })

  test('fewer blocks than seals may still come for', () => {
    const recent = position.recent.slice(-1)
    expect(() => Ledger.restore(options, { ...position, recent }, source.state)).toThrow('the last 2 blocks')
  })
})

describe('headers', () => {
  test('a header says our clock and seals our last block', () => {
    const ledger = ledgerOf(genesisOf(4))
    const { block } = ledger.apply(batchOf(0))
    const ours = ledger.header(START + 5.7, secretOf('bob'))
    const next = ledger.apply(batchOf(1, [], [{ proposer: 1, header: ours }]))
    expect(next.block.seals).toEqual([{ epoch: 0, member: 1, signature: sealOf(block, 'bob') }])
    expect(next.block.memberTimes).toEqual([START, START + 5, START, START])
    expect(ledger.certificate(0)?.seals).toHaveLength(1)
  })

  test('garbage says nothing: no time, no seal', () => {
    const ledger = ledgerOf(genesisOf(4))
    const headers = [Uint8Array.of(), utf8('garbage'), new Uint8Array(9).fill(255)].map(
      (header, proposer) => ({
        proposer,
        header,
      }),
    )
    const { block } = ledger.apply(batchOf(0, [], headers))
    expect([block.time, block.clock, block.seals]).toEqual([START, 0, []])
  })

  test('a seal by another member, of an unknown block, of the future or forged is left out', () => {
    const ledger = ledgerOf(genesisOf(4))
    const { block } = ledger.apply(batchOf(0))
    const { block: late } = ledger.apply(batchOf(1))
    const seals = [
      { epoch: 1, signature: sealOf(late, 'bob') },
      { epoch: 0, signature: sealOf(block, 'bob') },
      { epoch: 7, signature: sealOf(late, 'cao') },
      { epoch: 1, signature: new Uint8Array(64) },
    ]
    const headers = seals.map((seal, proposer) => ({ proposer, header: header(START, seal) }))
    expect(ledger.apply(batchOf(2, [], headers)).block.seals).toEqual([])
  })

  test('f liars cannot push the time of a block past the fastest correct clock', () => {
    const ledger = ledgerOf(genesisOf(4))
    const headers = [START + 10, START + 20, START + 30, Number.MAX_SAFE_INTEGER].map((time, proposer) => ({
      proposer,
      header: header(time),
    }))
    expect(ledger.apply(batchOf(0, [], headers)).block.time).toBe(START + 30)
  })

  test('n − f seals from proposals make a certificate', () => {
    const ledger = ledgerOf(genesisOf(4))
    const { block } = ledger.apply(batchOf(0))
    const headers = ['ann', 'bob', 'cao'].map((name, proposer) => ({
      proposer,
      header: header(START, { epoch: 0, signature: sealOf(block, name) }),
    }))
    ledger.apply(batchOf(1, [], headers))
    expect(ledger.certificate(0)?.seals.map(({ member }) => member)).toEqual([0, 1, 2])
  })
})

describe('our own seal', () => {
  test('a member seals the last block, a stranger does not, and before the first block nobody does', () => {
    const ledger = ledgerOf(genesisOf(4))
    expect(ledger.sealTip(secretOf('cao'))).toBeUndefined()
    const { block } = ledger.apply(batchOf(0))
    expect(ledger.sealTip(secretOf('cao'))).toEqual({
      epoch: 0,
      seal: { member: 2, signature: sealOf(block, 'cao') },
    })
    expect(ledger.sealTip(secretOf('zoe'))).toBeUndefined()
  })
})

describe('config(e + depth) = apply(config(e), output(e))', () => {
  const genesis = genesisOf(4, 2)
  const next: Configuration = {
    ...configurationOf(['zoe', 'ann', 'bob', 'cao'], 2),
    index: 1,
    firstEpoch: 3,
  }
  const other = configurationOf(['eve', 'fay', 'gus', 'hal'])
  const machine = reconfiguring(
    new Map([
      ['change', next],
      ['other', other],
      ['nobody', { ...next, members: [] }],
    ]),
  )
  const decided = (): Ledger<RecordsState> => {
    const ledger = ledgerOf(genesis, machine)
    const headers = [0, 1, 2, 3].map(proposer => ({ proposer, header: header(START + proposer * 100) }))
    ledger.apply(batchOf(0, [numbered(0)], headers))
    ledger.apply(batchOf(1, [utf8('change')]))
    return ledger
  }
  const changed = (): Ledger<RecordsState> => {
    const ledger = decided()
    ledger.apply(batchOf(2))
    return ledger
  }

  test('the block that decides it announces it; epochs that may be open stay with the old one', () => {
    const ledger = decided()
    const { block } = ledger.tip!
    expect(equalBytes(block.configuration, block.nextConfiguration)).toBe(false)
    expect(ledger.configuration).toBe(genesis.configuration)
    expect(ledger.decided).toEqual(next)
    const { block: open } = ledger.apply(batchOf(2))
    expect(open.configuration).toEqual(block.configuration)
    expect(open.nextConfiguration).toEqual(block.nextConfiguration)
    expect([ledger.configuration, ledger.decided]).toEqual([next, undefined])
    const { block: later } = ledger.apply(batchOf(3))
    expect(later.configuration).toEqual(block.nextConfiguration)
    expect(later.nextConfiguration).toEqual(block.nextConfiguration)
  })

  test('while one waits to take force, the machine is told so, and no other one is decided', () => {
    const told: (Configuration | undefined)[] = []
    const spying: StateMachine<RecordsState> = {
      ...machine,
      apply: (state, block) => {
        told.push(block.decided)
        return machine.apply(state, block)
      },
    }
    const ledger = ledgerOf(genesis, spying)
    ledger.apply(batchOf(0, [utf8('change')]))
    ledger.apply(batchOf(1, [utf8('other')]))
    ledger.apply(batchOf(2))
    const first = { ...next, firstEpoch: 2 }
    expect(told).toEqual([undefined, first, undefined])
    expect([ledger.configuration, ledger.decided]).toEqual([first, undefined])
  })

  test('its index, its depth and its first epoch are the ledger’s to say', () => {
    const ledger = ledgerOf(genesis, machine)
    ledger.apply(batchOf(0, [utf8('other')]))
    expect(ledger.decided).toMatchObject({ index: 1, depth: 2, firstEpoch: 2, members: other.members })
  })

  test('a machine that decides what nobody can run has a bug', () => {
    expect(() => ledgerOf(genesis, machine).apply(batchOf(0, [utf8('nobody')]))).toThrow(
      'configuration.members: need 1 to 255 members',
    )
  })

  test('a clock follows its member to its new place, and a new member starts at T', () => {
    const { block } = changed().tip!
    expect(block.time).toBe(START + 200)
    expect(block.memberTimes).toEqual([START + 200, START, START + 100, START + 200])
    expect(block.beaconChains).toHaveLength(4)
    expect(decided().tip!.block.memberTimes).toEqual([START, START + 100, START + 200, START + 300])
  })

  test('a seal counts by the place its author had, and by the key it had there', () => {
    const ledger = changed()
    const { block } = ledger.tip!
    const headers = ['zoe', 'ann', 'bob', 'cao'].map((name, proposer) => ({
      proposer,
      header: header(START, { epoch: 2, signature: sealOf(block, name) }),
    }))
    const sealed = ledger.apply(batchOf(3, [], headers)).block.seals
    expect(sealed.map(({ member }) => member)).toEqual([0, 1, 2])
    expect(ledger.certificate(2)?.seals).toHaveLength(3)
  })

  test('so does one that comes outside of a proposal, also from who has left', () => {
    const ledger = changed()
    const { block } = ledger.tip!
    expect(ledger.addSealOf(2, publicOf('dan'), sealOf(block, 'dan'))).toBe('added')
    expect(ledger.addSealOf(2, publicOf('ann'), sealOf(block, 'ann'))).toBe('added')
    expect(ledger.addSealOf(2, publicOf('zoe'), sealOf(block, 'zoe'))).toBe('too-old')
    expect(ledger.addSealOf(2, publicOf('bob'), sealOf(block, 'ann'))).toBe('invalid')
    expect(ledger.certificate(2)?.seals.map(({ member }) => member)).toEqual([0, 3])
  })

  test.each([
    ['before it takes force', decided],
    ['right after', changed],
  ])('a ledger that is restored %s goes on equally', (_, made) => {
    const [source, other] = [made(), made()]
    const restored = Ledger.restore({ genesis, crypto, machine }, source.position, source.state)
    const { block } = other.tip!
    const headers = [
      {
        proposer: 1,
        header: header(START + 900, {
          epoch: block.epoch,
          signature: sealOf(block, block.epoch === 1 ? 'bob' : 'ann'),
        }),
      },
    ]
    for (const epoch of [block.epoch + 1, block.epoch + 2]) {
      const batch = batchOf(epoch, [numbered(epoch)], epoch === block.epoch + 1 ? headers : [])
      const [left, right] = [other, restored].map(one => one.apply(batch))
      expect(right!.cid.equals(left!.cid)).toBe(true)
      expect(decodeBlock(encodeBlock(right!.block))).toEqual(left!.block)
      if (epoch === block.epoch + 1) expect(right!.block.seals).toHaveLength(1)
    }
  })
})
