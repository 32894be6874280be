import { name } from '@mc/topics'
import { expect, test } from 'vitest'

test('the package can be imported by its name', () => {
  expect(name).toBe('@mc/topics')
})
