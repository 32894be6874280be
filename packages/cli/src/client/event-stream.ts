/** One server-sent event. */
export interface ServerEvent {
  readonly event: string
  readonly data: string
}

/** Longest event that is waited for, in characters. */
const EVENT_CHARACTERS_MAX = 16 * 1024 * 1024

/** The events of a stream of bytes; ends with it. @throws RangeError if one never ends. */
export async function* eventsOf(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const parts = rest.split('\n\n')
    rest = parts.pop() ?? ''
    if (rest.length > EVENT_CHARACTERS_MAX) throw new RangeError('an event is too long')
    yield* parts.map(eventOf)
  }
}

function eventOf(text: string): ServerEvent {
  let event = 'message'
  const data: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7)
    if (line.startsWith('data: ')) data.push(line.slice(6))
  }
  return { event, data: data.join('\n') }
}
