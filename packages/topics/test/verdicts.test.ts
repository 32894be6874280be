/** Signatures are checked once, and hold for the key of the moment. */
import { expect, test } from 'vitest'
import { secretOf, Village } from './village.js'

test('a signature that was good when its block came is not once the key was changed in that block', () => {
  const village = new Village()
  const key = village.key('p1-new')
  const possession = village.identity.sign(secretOf('p1-new'), key)
  const rotation = village.by('p1', { type: 'rotateKey', key, possession })
  const byOld = village.by('p1', { type: 'depart' })
  const { receipts } = village.block([rotation, byOld])
  const rules = receipts.map(receipt => (receipt.accepted ? 'accepted' : receipt.refusal.rule))
  expect(rules).toEqual(['accepted', 'topics/wrong-signature'])
  village.rewind(village.id('p1'))
  expect(village.refused(village.by('p1', { type: 'depart' }, secretOf('p1-new')))).toBe('accepted')
})

test('the signatures of a block are looked at once each', () => {
  const village = new Village()
  const before = village.identity.asked.signatures
  village.do(...village.names.map(name => village.by(name, { type: 'depart' })))
  expect(village.identity.asked.signatures).toBe(before + village.names.length)
})
