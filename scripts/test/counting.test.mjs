/** How the closing line counts. */
import { expect, test } from 'vitest'
import { countTests } from '../test.mjs'

const file = (status, ...tests) => ({ status, assertionResults: tests.map(one => ({ status: one })) })

test('tests are counted as the report counts them', () => {
  const report = { numPassedTests: 7, numFailedTests: 1, testResults: [file('failed', 'passed', 'failed')] }
  expect(countTests(report, 1)).toEqual({ passed: 7, failed: 1 })
})

test('a file that cannot be loaded is one failure', () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 0,
    testResults: [file('failed'), file('passed', 'passed')],
  }
  expect(countTests(report, 1)).toEqual({ passed: 7, failed: 1 })
})

test('a run that ends badly without a failing test is one failure', () => {
  expect(countTests({ numPassedTests: 7, numFailedTests: 0, testResults: [] }, 1)).toEqual({
    passed: 7,
    failed: 1,
  })
  expect(countTests(undefined, 1)).toEqual({ passed: 0, failed: 1 })
})

test('a good run has no failures', () => {
  expect(countTests({ numPassedTests: 7, numFailedTests: 0, testResults: [] }, 0)).toEqual({
    passed: 7,
    failed: 0,
  })
})
