import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventsOf } from '../src/client/event-stream.js'
import { printable, printableLines } from '../src/terminal/printable.js'

test.each([
  ['\u001b[2J\u001b[1;1H', '\\u{1b}[2J\\u{1b}[1;1H'],
  ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['a\rb\nc\td\be\u007f', 'a\\u{d}b\\u{a}c\\u{9}d\\u{8}e\\u{7f}'],
  ['\u009b31m', '\\u{9b}31m'],
  ['abc\u202etxt.exe\u202c', 'abc\\u{202e}txt.exe\\u{202c}'],
  ['\u2066x\u2069\u200f\u200b\ufeff', '\\u{2066}x\\u{2069}\\u{200f}\\u{200b}\\u{feff}'],
  ['\u{e0041}', '\\u{e0041}'],
  ['你好，市民大厅 – Grüße 🌳', '你好，市民大厅 – Grüße 🌳'],
])('%j is harmless on a terminal', (text, expected) => {
  expect(printable(text)).toBe(expected)
})

test('whatever the text, nothing of control or format is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(printable(text))),
    { seed: 1, numRuns: 500 },
  )
  expect(printableLines('a\nb\u001b')).toBe('a\nb\\u{1b}')
})

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut)
    from = cut
  }
}

test('server-sent events are the same however the stream is cut', async () => {
  const text =
    'event: block\ndata: {"a":"树"}\n\nevent: status\ndata: 1\ndata: 2\n\ndata: plain\n\nevent: half'
  const expected = [
    { event: 'block', data: '{"a":"树"}' },
    { event: 'status', data: '1\n2' },
    { event: 'message', data: 'plain' },
  ]
  const length = new TextEncoder().encode(text).length
  for (let cut = 1; cut < length; cut += 1) {
    const events = []
    for await (const event of eventsOf(inPieces(text, [cut]))) events.push(event)
    expect(events).toEqual(expected)
  }
})
