import { expect, test } from 'vitest'
import { drawBroadcast } from '../src/broadcast.js'

test('all four deliver in three steps, although one is silent', () => {
  const drawing = drawBroadcast('hello')
  expect(drawing.match(/delivers "hello"/g)).toHaveLength(4)
  expect(drawing).toMatch(/step 1\n.*to 0.*\nfrom 0 +·( +send\+echo){3}\n/)
  expect(drawing).toContain('step 3')
  expect(drawing).not.toContain('step 4')
})

test('the silent member sends nothing', () => {
  for (const row of drawBroadcast('x').match(/from 3.*/g) ?? []) expect(row).toMatch(/^from 3( +·){4}$/)
})
