import { drive, type Effects, type Protocol, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { FOUR, spoken } from './recording.js'

const ignore = (): void => {}

describe('1: down is a call, up is deferred', () => {
  /** A child that answers at once, and a parent that writes down when it hears of it. */
  function family(heard: string[]) {
    return spoken(effects => {
      const child = effects.scope<string, string>({
        wrap: message => `child ${message}`,
        onOutput: output => {
          heard.push(`parent got ${output}`)
          effects.output(output)
        },
      })
      return {
        handleInput: input => {
          heard.push('parent begins')
          answering(child, heard).handleInput(input)
          heard.push('parent ends')
        },
        handleMessage: ignore,
      }
    })
  }

  const answering = (effects: Effects<string, string>, heard: string[]): Protocol<string, string> => ({
    handleInput: input => {
      heard.push('child runs')
      effects.output(`${input}!`)
    },
    handleMessage: ignore,
  })

  test('a child’s output reaches its parent after the running handler has returned, in the same step', () => {
    const heard: string[] = []
    const { outputs } = drive(family(heard), FOUR).input('hello')
    expect(heard).toEqual(['parent begins', 'child runs', 'parent ends', 'parent got hello!'])
    expect(outputs).toEqual(['hello!'])
  })

  test('an output climbs one level at a time, each level after the handler below has returned', () => {
    const heard: string[] = []
    const definition = spoken(top => {
      const middle = top.scope<string, string>({
        wrap: message => message,
        onOutput: output => {
          heard.push(`top got ${output}`)
          top.output(output)
        },
      })
      const bottom = middle.scope<string, string>({
        wrap: message => message,
        onOutput: output => {
          heard.push('middle begins')
          middle.output(output)
          heard.push('middle ends')
        },
      })
      return { handleInput: input => bottom.output(input), handleMessage: ignore }
    })
    expect(drive(definition, FOUR).input('x').outputs).toEqual(['x'])
    expect(heard).toEqual(['middle begins', 'middle ends', 'top got x'])
  })

  test('what was deferred first runs first', () => {
    const definition = spoken(effects => {
      const child = effects.scope<string, string>({
        wrap: message => message,
        onOutput: output => effects.output(output),
      })
      return {
        handleInput: () => {
          for (const output of ['1', '2', '3']) child.output(output)
        },
        handleMessage: ignore,
      }
    })
    expect(drive(definition, FOUR).input('go').outputs).toEqual(['1', '2', '3'])
  })

  test('a message of a child leaves wrapped, by each level it passes', () => {
    const definition = spoken(top => {
      const middle = top.scope<string, never>({ wrap: message => `top(${message})`, onOutput: ignore })
      const bottom = middle.scope<string, never>({ wrap: message => `middle(${message})`, onOutput: ignore })
      return { handleInput: input => bottom.send(peer(3), input), handleMessage: ignore }
    })
    expect(drive(definition, FOUR).input('x').messages).toEqual([{ to: 3, message: 'top(middle(x))' }])
  })
})

describe('2: self is a peer', () => {
  const echo = (heard: string[]) =>
    spoken(effects => ({
      handleInput: input => {
        effects.broadcast(input)
        heard.push('input ends')
      },
      handleMessage: (from, message) => heard.push(`${from}: ${message}`),
    }))

  test('a broadcast also comes back through handleMessage, within the same step, from ourselves', () => {
    const heard: string[] = []
    const { messages } = drive(echo(heard), FOUR).input('hello')
    expect(heard).toEqual(['input ends', '1: hello'])
    expect(messages).toEqual([{ to: 'all', message: 'hello' }])
  })

  test('a message to ourselves is handled and does not leave', () => {
    const heard: string[] = []
    const definition = spoken(effects => ({
      handleInput: input => effects.send(peer(1), input),
      handleMessage: (from, message) => heard.push(`${from}: ${message}`),
    }))
    expect(drive(definition, FOUR).input('note').messages).toEqual([])
    expect(heard).toEqual(['1: note'])
  })

  test('a child’s broadcast comes back wrapped, as it does to everybody', () => {
    const heard: string[] = []
    const definition = spoken(effects => {
      const child = effects.scope<string, never>({ wrap: message => `child ${message}`, onOutput: ignore })
      return {
        handleInput: input => child.broadcast(input),
        handleMessage: (from, message) => heard.push(`${from}: ${message}`),
      }
    })
    drive(definition, FOUR).input('x')
    expect(heard).toEqual(['1: child x'])
  })

  test('what our own message causes belongs to the same step', () => {
    const definition = spoken(effects => ({
      handleInput: input => effects.broadcast(input),
      handleMessage: (_, message) => {
        if (message === 'one') effects.broadcast('two')
        else effects.output(`heard ${message}`)
      },
    }))
    expect(drive(definition, FOUR).input('one')).toEqual({
      messages: [
        { to: 'all', message: 'one' },
        { to: 'all', message: 'two' },
      ],
      outputs: ['heard two'],
      faults: [],
    })
  })

  test('what a protocol says while it is being created leaves with its first step, and reaches itself', () => {
    const heard: string[] = []
    const definition = spoken(effects => {
      effects.broadcast('here I am')
      return { handleInput: ignore, handleMessage: (from, message) => heard.push(`${from}: ${message}`) }
    })
    expect(drive(definition, FOUR).input('').messages).toEqual([{ to: 'all', message: 'here I am' }])
    expect(heard).toEqual(['1: here I am'])
  })
})

describe('3: effects are complete', () => {
  test('a step holds what one event caused, and the next one starts empty', () => {
    const driven = drive(
      spoken(effects => ({
        handleInput: input => {
          effects.send(peer(2), input)
          effects.output(input)
          effects.fault({ rule: 'test/broke', peer: peer(0) })
        },
        handleMessage: ignore,
      })),
      FOUR,
    )
    expect(driven.input('a')).toEqual({
      messages: [{ to: 2, message: 'a' }],
      outputs: ['a'],
      faults: [{ rule: 'test/broke', peer: 0 }],
    })
    expect(driven.message(peer(0), 'b')).toEqual({ messages: [], outputs: [], faults: [] })
  })

  test('a step that was handed out never changes', () => {
    const driven = drive(
      spoken(effects => ({ handleInput: input => effects.output(input), handleMessage: ignore })),
      FOUR,
    )
    const first = driven.input('a')
    driven.input('b')
    expect(first.outputs).toEqual(['a'])
  })

  test('a child’s fault reaches the outside as it is', () => {
    const definition = spoken(effects => {
      const child = effects.scope<string, never>({ wrap: message => message, onOutput: ignore })
      return { handleInput: () => child.fault({ rule: 'test/x', peer: peer(2) }), handleMessage: ignore }
    })
    expect(drive(definition, FOUR).input('').faults).toEqual([{ rule: 'test/x', peer: 2 }])
  })

  test('the same events give the same steps', () => {
    const steps = (): unknown[] => {
      const driven = drive(
        spoken(effects => ({
          handleInput: input => effects.broadcast(input),
          handleMessage: (from, message) => effects.output(`${from} ${message}`),
        })),
        FOUR,
      )
      return [driven.input('a'), driven.message(peer(3), 'b'), driven.message(peer(0), 'c')]
    }
    expect(steps()).toEqual(steps())
  })
})

describe('4: handlers are total, and run to completion', () => {
  test('no handler runs before the running one has returned', () => {
    let depth = 0
    let deepest = 0
    const entered = (body: () => void): void => {
      depth += 1
      deepest = Math.max(deepest, depth)
      body()
      depth -= 1
    }
    const definition = spoken(effects => {
      const child = effects.scope<string, string>({
        wrap: message => message,
        onOutput: output => entered(() => effects.broadcast(output)),
      })
      return {
        handleInput: () =>
          entered(() => {
            effects.broadcast('3')
            child.output('2')
          }),
        handleMessage: (_, message) =>
          entered(() => {
            const left = Number(message)
            if (left > 0) child.output(String(left - 1))
          }),
      }
    })
    const { messages } = drive(definition, FOUR).input('go')
    expect(deepest).toBe(1)
    expect(messages.map(({ message }) => message)).toEqual(['3', '2', '2', '1', '1', '0', '0'])
  })

  test('misuse throws to the caller, and the instance goes on as if nothing had been', () => {
    const driven = drive(
      spoken(effects => ({
        handleInput: input => {
          if (input === '') throw new RangeError('test: need a word')
          effects.broadcast(input)
        },
        handleMessage: (from, message) => effects.output(`${from} ${message}`),
      })),
      FOUR,
    )
    expect(() => driven.input('')).toThrow(new RangeError('test: need a word'))
    expect(driven.input('a')).toEqual({
      messages: [{ to: 'all', message: 'a' }],
      outputs: ['1 a'],
      faults: [],
    })
  })
})
