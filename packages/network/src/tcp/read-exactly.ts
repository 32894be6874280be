import type { Socket } from 'node:net'

/**
 * The next `count` bytes of a paused socket; what follows them stays in the socket.
 *
 * @throws Error (rejects) if the socket ends or closes before.
 */
export function readExactly(socket: Socket, count: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      socket.off('readable', tryRead).off('end', fail).off('close', fail)
      settle()
    }
    const fail = () => finish(() => reject(new Error('the socket closed during the handshake')))
    const tryRead = () => {
      if (socket.destroyed || socket.readableEnded) return fail()
      const bytes = socket.read(count) as Uint8Array | null
      if (bytes === null) return
      if (bytes.length < count) return fail()
      finish(() => resolve(bytes))
    }
    socket.on('readable', tryRead).on('end', fail).on('close', fail)
    tryRead()
  })
}
