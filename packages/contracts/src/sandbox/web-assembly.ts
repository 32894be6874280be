/** The part of the platform's WebAssembly that the engine uses; it belongs to no library of the compiler's. */
export interface WebAssemblyPlatform {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
  readonly RuntimeError: new (message?: string) => Error
}

/** A counter of a module, seen from outside. */
export interface Counter<T> {
  value: T
}
