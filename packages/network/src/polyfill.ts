/**
 * Promise.withResolvers for Node 20, which libp2p 3 needs without saying so.
 *
 * Import it above anything of libp2p: modules are evaluated in the order of their imports.
 * Where the method exists nothing happens.
 */

type WithResolvers = <T>() => {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason?: unknown) => void
}

const target = Promise as unknown as { withResolvers?: WithResolvers }

target.withResolvers ??= <T>() => {
  let resolve!: (value: T | PromiseLike<T>) => void
  let reject!: (reason?: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

export {}
