import { describeRaba } from '@mc/raba/conformance'
import { describe, expect, test, vi } from 'vitest'
// @ts-expect-error plain JavaScript, as the tutorial has it
import config from '../my-bench.mjs'
// @ts-expect-error plain JavaScript, as the tutorial has it
import { myRaba } from '../my-raba.mjs'
// @ts-expect-error plain JavaScript, as the tutorial has it
import { testCoin } from '../test-coin.mjs'

const seeds = Number(process.env['MC_SEEDS'] ?? 10)

describeRaba<never>('mine', () => myRaba({ coin: testCoin }), {
  describe,
  test,
  seeds,
  sizes: [4, 5, 7],
  orders: ['random'],
})

test('in a system beside the default one, both give the same batches everywhere', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  // @ts-expect-error plain JavaScript, as the tutorial has it
  const { compare } = await import('../suite.mjs')
  const [quadratic, mine] = compare()
  expect([quadratic.agree, mine.agree]).toEqual([true, true])
  expect(mine.cost.messages).toBeGreaterThan(quadratic.cost.messages)
  expect(mine.fingerprint).not.toBe(quadratic.fingerprint)
})

test('the module of the comparison makes it from the parts that it is handed', () => {
  const [{ name, make }] = config.variants
  expect(name).toBe('mine')
  expect(make({ commonCoin: testCoin })).toMatchObject({ role: 'raba', name: 'raba/mine' })
})
