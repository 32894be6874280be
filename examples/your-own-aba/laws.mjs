import { describe, test } from 'node:test'
import { describeRaba } from '@mc/raba/conformance'
import { myRaba } from './my-raba.mjs'
import { testCoin } from './test-coin.mjs'

describeRaba('mine', () => myRaba({ coin: testCoin }), {
  describe,
  test,
  seeds: Number(process.env.SEEDS ?? 20),
  sizes: [4, 5, 7],
  // The fair order. The others may keep any agreement without a brake from ending.
  orders: ['random'],
})
