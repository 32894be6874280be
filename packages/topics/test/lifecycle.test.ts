import { hex, utf8 } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { actions, DAY, registrySet, Village } from './village.js'

test('a topic goes through the four stages and its contract is executed', () => {
  const village = new Village({ people: 5 })
  const id = village.decided(actions(registrySet('bridge')))
  expect(village.topic(id).state).toBe('publicity')
  expect(village.topic(id).publicity?.supporters).toBe(5)
  village.execute(id)
  expect(village.topic(id).state).toBe('executed')
  expect(hex(village.state.tables.registry.must(utf8('bridge')).topic)).toBe(hex(id))
  expect(village.clock).toBeGreaterThan(DAY)
})
