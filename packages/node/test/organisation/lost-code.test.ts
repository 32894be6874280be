import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeCid, contractParameters, MissingCode } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex, utf8 } from '@mc/protocol/wire'
import type { Program } from '@mc/topics'
import { afterEach, describe, expect, test } from 'vitest'
import { BareVillage } from './bare-village.js'
import { Hamlet } from './hamlet.js'

const CODE = `
function validate() {}
function execute(p) { return [{ type: 'event.emit', name: 'hello', payload: '' }] }
`
const cid = codeCid(utf8(CODE), crypto.sha256)
const switchOn = { type: 'parameter.set', name: 'contracts/code', value: 1, expect: 0 } as const
const install = { type: 'contractType.install', cid, capabilities: ['event'] } as const
const call: Program = { type: 'contract', contractType: cid, parameters: contractParameters('{}') }

let hamlet: Hamlet | undefined

afterEach(async () => {
  await hamlet?.stop()
  hamlet = undefined
})

describe('the code of contracts', () => {
  test('a node that has lost it asks the others for it, and executes as they do', async () => {
    hamlet = await Hamlet.found()
    await hamlet.startAll()
    await hamlet.decide('contract', 'constitution', { type: 'actions', actions: [switchOn] })
    await hamlet.decide('upgrade', 'constitution', { type: 'actions', actions: [install] }, CODE)
    expect(hamlet.stateOf().tables.contractTypes.get(cid)?.isRetired).toBe(false)
    // Its state is in a snapshot by now, which does not hold the code.
    await hamlet.stopSeat(3)
    const folder = join(hamlet.seats[3]!.directory, 'contracts')
    expect(await readdir(folder)).toEqual([hex(cid)])
    await rm(folder, { recursive: true })
    const topic = await hamlet.decide('contract', 'general', call)
    expect(hamlet.topic(topic).state).toBe('executed')
    const behind = (await hamlet.start(3)).ledger.nextEpoch
    await hamlet.pass(1)
    await hamlet.agree()
    expect(hamlet.node(3).ledger.nextEpoch).toBeGreaterThan(behind)
    expect(existsSync(join(folder, hex(cid)))).toBe(true)
    // And again, with what it has got.
    const again = await hamlet.decide('contract', 'general', call)
    expect(hamlet.topic(again).state).toBe('executed')
    await hamlet.agree()
    expect(hamlet.seats.flatMap(({ failures }) => failures)).toEqual([])
  })

  test('is what the state names: nothing else is kept, and nothing is applied without it', async () => {
    const village = await BareVillage.found({ people: 1 })
    village.decide('contract', 'constitution', [switchOn])
    village.decide('upgrade', 'constitution', [install], CODE)
    const { content } = village.machine
    expect(content?.missing(village.state)).toEqual([])
    expect(content?.get(cid)).toEqual(utf8(CODE))
    const snapshot = village.machine.machine.snapshot(village.state)
    const chunks = Array.from({ length: snapshot.chunkCount }, (_, at) => snapshot.chunk(at))
    const elsewhere = await village.atGenesis()
    const reader = elsewhere.machine.machine.openSnapshot(
      snapshot.manifest,
      village.machine.machine.root(village.state),
    )
    expect(chunks.every((chunk, at) => reader?.accepts(at, chunk))).toBe(true)
    const restored = reader!.restore(chunks)
    const lacking = elsewhere.machine.content!
    expect(lacking.missing(restored)).toEqual([cid])
    expect(lacking.keep(cid, utf8(`${CODE} `))).toBe(false)
    expect(lacking.keep(cid, new Uint8Array(70_000))).toBe(false)
    expect(lacking.missing(restored)).toEqual([cid])
    expect(lacking.keep(cid, utf8(CODE))).toBe(true)
    expect(lacking.missing(restored)).toEqual([])
    expect(new MissingCode(cid).message).toContain(hex(cid))
  })
})
