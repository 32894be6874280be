// ristretto255 for many points at once: decoding, encoding, multi-scalar multiplication.
//
// AssemblyScript, compiled by scripts/generate-kernel.mjs. The memory is imported and laid out by the caller; nothing is
// allocated here. Addresses are trusted: the caller keeps every range inside the memory.
//
// A field element modulo 2^255 − 19 is ten signed limbs of 32 bits, alternately 26 and 25 bits wide: limb i stands for
// 2^⌈25.5·i⌉, and any product of two limbs fits 64 bits with room for ten sums. What `mul` and `sqr` give is "tight" (limbs within
// ±1.01·2^25 and ±1.01·2^24); a sum or difference of two tight elements may be an operand, a sum of three may too.
//
// Points of −x² + y² = 1 + dx²y² in memory:
//   extended (160 bytes)  X, Y, Z, T with x = X/Z, y = Y/Z, T = XY/Z
//   cached   (160 bytes)  Y + X, Y − X, 2Z, 2dT: the second operand of an addition
//   affine   (120 bytes)  y + x, y − x, 2dxy: the same with Z = 1, one multiplication less
//
// The formulas are the unified ones for a = −1 with non-square d: they hold for all pairs of points, so nothing branches on them.

const FIELD: usize = 40
const EXTENDED: usize = 160
const AFFINE: usize = 120

/** The caller writes six field elements here by `setConstants`: 0, 1, d, 2d, √−1, 1/√(a − d); scratch follows. */
const ZERO: usize = 0
const ONE: usize = FIELD
const D: usize = 2 * FIELD
const D2: usize = 3 * FIELD
const ROOT: usize = 4 * FIELD
const ENCHANT: usize = 5 * FIELD
const S: usize = 6 * FIELD

// @ts-ignore: decorator
@inline
function limb(at: usize, index: usize): i64 {
  return <i64>load<i32>(at + 4 * index)
}

// @ts-ignore: decorator
@inline
function put(at: usize, index: usize, value: i64): void {
  store<i32>(at + 4 * index, <i32>value)
}

function carried(
  out: usize, h0: i64, h1: i64, h2: i64, h3: i64, h4: i64, h5: i64, h6: i64, h7: i64, h8: i64, h9: i64,
): void {
  // Two chains at once, each carry rounded to the nearest so that limbs stay signed and small.
  let c = (h0 + (1 << 25)) >> 26
  h1 += c
  h0 -= c << 26
  c = (h4 + (1 << 25)) >> 26
  h5 += c
  h4 -= c << 26
  c = (h1 + (1 << 24)) >> 25
  h2 += c
  h1 -= c << 25
  c = (h5 + (1 << 24)) >> 25
  h6 += c
  h5 -= c << 25
  c = (h2 + (1 << 25)) >> 26
  h3 += c
  h2 -= c << 26
  c = (h6 + (1 << 25)) >> 26
  h7 += c
  h6 -= c << 26
  c = (h3 + (1 << 24)) >> 25
  h4 += c
  h3 -= c << 25
  c = (h7 + (1 << 24)) >> 25
  h8 += c
  h7 -= c << 25
  c = (h4 + (1 << 25)) >> 26
  h5 += c
  h4 -= c << 26
  c = (h8 + (1 << 25)) >> 26
  h9 += c
  h8 -= c << 26
  c = (h9 + (1 << 24)) >> 25
  h0 += c * 19
  h9 -= c << 25
  c = (h0 + (1 << 25)) >> 26
  h1 += c
  h0 -= c << 26
  put(out, 0, h0)
  put(out, 1, h1)
  put(out, 2, h2)
  put(out, 3, h3)
  put(out, 4, h4)
  put(out, 5, h5)
  put(out, 6, h6)
  put(out, 7, h7)
  put(out, 8, h8)
  put(out, 9, h9)
}

function mul(out: usize, f: usize, g: usize): void {
  const f0 = limb(f, 0)
  const f1 = limb(f, 1)
  const f2 = limb(f, 2)
  const f3 = limb(f, 3)
  const f4 = limb(f, 4)
  const f5 = limb(f, 5)
  const f6 = limb(f, 6)
  const f7 = limb(f, 7)
  const f8 = limb(f, 8)
  const f9 = limb(f, 9)
  const g0 = limb(g, 0)
  const g1 = limb(g, 1)
  const g2 = limb(g, 2)
  const g3 = limb(g, 3)
  const g4 = limb(g, 4)
  const g5 = limb(g, 5)
  const g6 = limb(g, 6)
  const g7 = limb(g, 7)
  const g8 = limb(g, 8)
  const g9 = limb(g, 9)
  const w1 = 19 * g1
  const w2 = 19 * g2
  const w3 = 19 * g3
  const w4 = 19 * g4
  const w5 = 19 * g5
  const w6 = 19 * g6
  const w7 = 19 * g7
  const w8 = 19 * g8
  const w9 = 19 * g9
  const d1 = 2 * f1
  const d3 = 2 * f3
  const d5 = 2 * f5
  const d7 = 2 * f7
  const d9 = 2 * f9
  carried(
    out,
    f0 * g0 + d1 * w9 + f2 * w8 + d3 * w7 + f4 * w6 + d5 * w5 + f6 * w4 + d7 * w3 + f8 * w2 + d9 * w1,
    f0 * g1 + f1 * g0 + f2 * w9 + f3 * w8 + f4 * w7 + f5 * w6 + f6 * w5 + f7 * w4 + f8 * w3 + f9 * w2,
    f0 * g2 + d1 * g1 + f2 * g0 + d3 * w9 + f4 * w8 + d5 * w7 + f6 * w6 + d7 * w5 + f8 * w4 + d9 * w3,
    f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * w9 + f5 * w8 + f6 * w7 + f7 * w6 + f8 * w5 + f9 * w4,
    f0 * g4 + d1 * g3 + f2 * g2 + d3 * g1 + f4 * g0 + d5 * w9 + f6 * w8 + d7 * w7 + f8 * w6 + d9 * w5,
    f0 * g5 + f1 * g4 + f2 * g3 + f3 * g2 + f4 * g1 + f5 * g0 + f6 * w9 + f7 * w8 + f8 * w7 + f9 * w6,
    f0 * g6 + d1 * g5 + f2 * g4 + d3 * g3 + f4 * g2 + d5 * g1 + f6 * g0 + d7 * w9 + f8 * w8 + d9 * w7,
    f0 * g7 + f1 * g6 + f2 * g5 + f3 * g4 + f4 * g3 + f5 * g2 + f6 * g1 + f7 * g0 + f8 * w9 + f9 * w8,
    f0 * g8 + d1 * g7 + f2 * g6 + d3 * g5 + f4 * g4 + d5 * g3 + f6 * g2 + d7 * g1 + f8 * g0 + d9 * w9,
    f0 * g9 + f1 * g8 + f2 * g7 + f3 * g6 + f4 * g5 + f5 * g4 + f6 * g3 + f7 * g2 + f8 * g1 + f9 * g0,
  )
}

function sqr(out: usize, f: usize): void {
  const f0 = limb(f, 0)
  const f1 = limb(f, 1)
  const f2 = limb(f, 2)
  const f3 = limb(f, 3)
  const f4 = limb(f, 4)
  const f5 = limb(f, 5)
  const f6 = limb(f, 6)
  const f7 = limb(f, 7)
  const f8 = limb(f, 8)
  const f9 = limb(f, 9)
  const d0 = 2 * f0
  const d1 = 2 * f1
  const d2 = 2 * f2
  const d3 = 2 * f3
  const d4 = 2 * f4
  const d5 = 2 * f5
  const d6 = 2 * f6
  const d7 = 2 * f7
  const d8 = 2 * f8
  const d9 = 2 * f9
  const w5 = 38 * f5
  const w6 = 19 * f6
  const w7 = 38 * f7
  const w8 = 19 * f8
  const w9 = 38 * f9
  carried(
    out,
    f0 * f0 + d1 * w9 + d2 * w8 + d3 * w7 + d4 * w6 + f5 * w5,
    d0 * f1 + f2 * w9 + d3 * w8 + f4 * w7 + d5 * w6,
    d0 * f2 + d1 * f1 + d3 * w9 + d4 * w8 + d5 * w7 + f6 * w6,
    d0 * f3 + d1 * f2 + f4 * w9 + d5 * w8 + f6 * w7,
    d0 * f4 + d1 * d3 + f2 * f2 + d5 * w9 + d6 * w8 + f7 * w7,
    d0 * f5 + d1 * f4 + d2 * f3 + f6 * w9 + d7 * w8,
    d0 * f6 + d1 * d5 + d2 * f4 + d3 * f3 + d7 * w9 + f8 * w8,
    d0 * f7 + d1 * f6 + d2 * f5 + d3 * f4 + f8 * w9,
    d0 * f8 + d1 * d7 + d2 * f6 + d3 * d5 + f4 * f4 + f9 * w9,
    d0 * f9 + d1 * f8 + d2 * f7 + d3 * f6 + d4 * f5,
  )
}

function sqrTimes(out: usize, f: usize, count: i32): void {
  sqr(out, f)
  for (let done = 1; done < count; done++) sqr(out, out)
}

function add(out: usize, f: usize, g: usize): void {
  for (let at: usize = 0; at < FIELD; at += 8) {
    // Two limbs at once would carry from one into the other: limbs are signed.
    store<i32>(out + at, load<i32>(f + at) + load<i32>(g + at))
    store<i32>(out + at, load<i32>(f + at, 4) + load<i32>(g + at, 4), 4)
  }
}

function sub(out: usize, f: usize, g: usize): void {
  for (let at: usize = 0; at < FIELD; at += 8) {
    store<i32>(out + at, load<i32>(f + at) - load<i32>(g + at))
    store<i32>(out + at, load<i32>(f + at, 4) - load<i32>(g + at, 4), 4)
  }
}

/** out = mask ? g : f, for a mask of all ones or zeros. */
function select(out: usize, f: usize, g: usize, mask: i32): void {
  for (let at: usize = 0; at < FIELD; at += 4) {
    const x = load<i32>(f + at)
    store<i32>(out + at, x ^ (mask & (x ^ load<i32>(g + at))))
  }
}

/** out = mask ? −f : f. */
function negateIf(out: usize, f: usize, mask: i32): void {
  for (let at: usize = 0; at < FIELD; at += 4) store<i32>(out + at, (load<i32>(f + at) ^ mask) - mask)
}

/** 32 bytes, little-endian, the highest bit ignored. */
function fromBytes(out: usize, bytes: usize): void {
  const x0 = load<u64>(bytes)
  const x1 = load<u64>(bytes, 8)
  const x2 = load<u64>(bytes, 16)
  const x3 = load<u64>(bytes, 24)
  const wide: u64 = 0x3ffffff
  const narrow: u64 = 0x1ffffff
  put(out, 0, x0 & wide)
  put(out, 1, (x0 >> 26) & narrow)
  put(out, 2, ((x0 >> 51) | (x1 << 13)) & wide)
  put(out, 3, (x1 >> 13) & narrow)
  put(out, 4, (x1 >> 38) & wide)
  put(out, 5, x2 & narrow)
  put(out, 6, (x2 >> 25) & wide)
  put(out, 7, ((x2 >> 51) | (x3 << 13)) & narrow)
  put(out, 8, (x3 >> 12) & wide)
  put(out, 9, (x3 >> 38) & narrow)
}

/** The only representative 0 … p − 1, as 32 bytes. */
function toBytes(bytes: usize, f: usize): void {
  let h0 = limb(f, 0)
  let h1 = limb(f, 1)
  let h2 = limb(f, 2)
  let h3 = limb(f, 3)
  let h4 = limb(f, 4)
  let h5 = limb(f, 5)
  let h6 = limb(f, 6)
  let h7 = limb(f, 7)
  let h8 = limb(f, 8)
  let h9 = limb(f, 9)
  // The quotient by p, from the top limb; half a unit is added first, so that multiples of p give exactly their factor.
  let q = (19 * h9 + (1 << 24)) >> 25
  q = (h0 + q) >> 26
  q = (h1 + q) >> 25
  q = (h2 + q) >> 26
  q = (h3 + q) >> 25
  q = (h4 + q) >> 26
  q = (h5 + q) >> 25
  q = (h6 + q) >> 26
  q = (h7 + q) >> 25
  q = (h8 + q) >> 26
  q = (h9 + q) >> 25
  h0 += 19 * q
  let c = h0 >> 26
  h1 += c
  h0 -= c << 26
  c = h1 >> 25
  h2 += c
  h1 -= c << 25
  c = h2 >> 26
  h3 += c
  h2 -= c << 26
  c = h3 >> 25
  h4 += c
  h3 -= c << 25
  c = h4 >> 26
  h5 += c
  h4 -= c << 26
  c = h5 >> 25
  h6 += c
  h5 -= c << 25
  c = h6 >> 26
  h7 += c
  h6 -= c << 26
  c = h7 >> 25
  h8 += c
  h7 -= c << 25
  c = h8 >> 26
  h9 += c
  h8 -= c << 26
  c = h9 >> 25
  h9 -= c << 25
  store<u64>(bytes, h0 | (h1 << 26) | (h2 << 51))
  store<u64>(bytes, (h2 >> 13) | (h3 << 13) | (h4 << 38), 8)
  store<u64>(bytes, h5 | (h6 << 25) | (h7 << 51), 16)
  store<u64>(bytes, (h7 >> 13) | (h8 << 12) | (h9 << 38), 24)
}

/** Scratch for encodings: nothing else is kept here across calls. */
const BYTES: usize = S + 24 * FIELD

/** All ones if f is odd in its canonical form, which is "negative"; else zero. */
function negativeMask(f: usize): i32 {
  toBytes(BYTES, f)
  return -(<i32>load<u8>(BYTES) & 1)
}

/** All ones if f = 0, else zero. */
function zeroMask(f: usize): i32 {
  toBytes(BYTES, f)
  const any = load<u64>(BYTES) | load<u64>(BYTES, 8) | load<u64>(BYTES, 16) | load<u64>(BYTES, 24)
  return -(<i32>(any == 0))
}

function equalMask(f: usize, g: usize): i32 {
  sub(S + 23 * FIELD, f, g)
  return zeroMask(S + 23 * FIELD)
}

/** f^(2^252 − 3): the power of which square roots are made. */
function powRoot(out: usize, f: usize): void {
  const a = S + 16 * FIELD
  const b = S + 17 * FIELD
  const c = S + 18 * FIELD
  sqr(a, f)
  sqrTimes(b, a, 2)
  mul(b, f, b)
  mul(a, a, b)
  sqr(a, a)
  mul(a, b, a)
  // a = f^(2^5 − 1)
  sqrTimes(b, a, 5)
  mul(a, b, a)
  sqrTimes(b, a, 10)
  mul(b, b, a)
  sqrTimes(c, b, 20)
  mul(b, c, b)
  sqrTimes(b, b, 10)
  mul(a, b, a)
  // a = f^(2^50 − 1)
  sqrTimes(b, a, 50)
  mul(b, b, a)
  sqrTimes(c, b, 100)
  mul(b, c, b)
  sqrTimes(b, b, 50)
  mul(a, b, a)
  sqrTimes(a, a, 2)
  mul(out, a, f)
}

/** out = |1/√v|, or what RFC 9496 says if v has no root. All ones if it has one (or is zero), else zero. */
function inverseRoot(out: usize, v: usize): i32 {
  const v3 = S + 19 * FIELD
  const r = S + 20 * FIELD
  const check = S + 21 * FIELD
  const other = S + 22 * FIELD
  sqr(v3, v)
  mul(v3, v3, v)
  sqr(r, v3)
  mul(r, r, v)
  powRoot(r, r)
  mul(r, r, v3)
  sqr(check, r)
  mul(check, check, v)
  const correct = equalMask(check, ONE)
  sub(other, ZERO, ONE)
  const flipped = equalMask(check, other)
  sub(other, ZERO, ROOT)
  const flippedRoot = equalMask(check, other)
  mul(other, r, ROOT)
  select(r, r, other, flipped | flippedRoot)
  negateIf(out, r, negativeMask(r))
  return correct | flipped
}

/**
 * Decodes `count` encodings into 96 bytes each: y + x, y − x, 2dxy. One if all are the only encoding of an element other than
 * the identity, else zero.
 */
export function decode(encodings: usize, count: i32, out: usize): i32 {
  let good: i32 = -1
  for (let index = 0; index < count; index++) {
    good &= decodeOne(encodings + 32 * index, out + 96 * index)
  }
  return good & 1
}

function decodeOne(encoding: usize, out: usize): i32 {
  const s = S
  const u1 = S + FIELD
  const u2 = S + 2 * FIELD
  const u2s = S + 3 * FIELD
  const v = S + 4 * FIELD
  const root = S + 5 * FIELD
  const x = S + 6 * FIELD
  const y = S + 7 * FIELD
  const t = S + 8 * FIELD
  fromBytes(s, encoding)
  toBytes(BYTES, s)
  let same = load<u64>(BYTES) ^ load<u64>(encoding)
  same |= load<u64>(BYTES, 8) ^ load<u64>(encoding, 8)
  same |= load<u64>(BYTES, 16) ^ load<u64>(encoding, 16)
  same |= load<u64>(BYTES, 24) ^ load<u64>(encoding, 24)
  let good = -(<i32>(same == 0)) & ~negativeMask(s) & ~zeroMask(s)
  sqr(u1, s)
  add(u2, ONE, u1)
  sub(u1, ONE, u1)
  sqr(u2s, u2)
  sqr(v, u1)
  mul(v, v, D)
  add(v, v, u2s)
  sub(v, ZERO, v)
  mul(t, v, u2s)
  good &= inverseRoot(root, t)
  mul(x, root, u2)
  mul(y, root, x)
  mul(y, y, v)
  mul(y, y, u1)
  mul(x, x, s)
  add(x, x, x)
  negateIf(x, x, negativeMask(x))
  mul(t, x, y)
  good &= ~negativeMask(t) & ~zeroMask(y)
  // x is a doubled element and y a tight one: their sum is within bounds of toBytes after one more product.
  mul(x, x, ONE)
  add(u1, y, x)
  toBytes(out, u1)
  sub(u1, y, x)
  toBytes(out + 32, u1)
  mul(t, t, D2)
  toBytes(out + 64, t)
  return good
}

/** Encodes an extended point; the identity becomes 32 zero bytes. */
function encode(out: usize, p: usize): void {
  const X = p
  const Y = p + FIELD
  const Z = p + 2 * FIELD
  const T = p + 3 * FIELD
  const u1 = S
  const u2 = S + FIELD
  const root = S + 2 * FIELD
  const den1 = S + 3 * FIELD
  const den2 = S + 4 * FIELD
  const zInverse = S + 5 * FIELD
  const x = S + 6 * FIELD
  const y = S + 7 * FIELD
  const other = S + 8 * FIELD
  add(u1, Z, Y)
  sub(u2, Z, Y)
  mul(u1, u1, u2)
  mul(u2, X, Y)
  sqr(other, u2)
  mul(other, other, u1)
  inverseRoot(root, other)
  mul(den1, root, u1)
  mul(den2, root, u2)
  mul(zInverse, den1, den2)
  mul(zInverse, zInverse, T)
  mul(other, T, zInverse)
  const rotate = negativeMask(other)
  mul(other, Y, ROOT)
  select(x, X, other, rotate)
  mul(other, X, ROOT)
  select(y, Y, other, rotate)
  mul(other, den1, ENCHANT)
  select(den2, den2, other, rotate)
  mul(other, x, zInverse)
  negateIf(y, y, negativeMask(other))
  sub(other, Z, y)
  mul(other, other, den2)
  negateIf(other, other, negativeMask(other))
  toBytes(out, other)
}

/** Unpacks the six constants, 32 bytes each. To be called once, before anything else. */
export function setConstants(packed: usize): void {
  for (let index: usize = 0; index < 6; index++) fromBytes(ZERO + FIELD * index, packed + 32 * index)
}

/** Unpacks `count` points of 96 bytes into affine ones. */
export function unpack(packed: usize, count: i32, out: usize): void {
  for (let index = 0; index < count; index++) {
    fromBytes(out, packed)
    fromBytes(out + FIELD, packed + 32)
    fromBytes(out + 2 * FIELD, packed + 64)
    out += AFFINE
    packed += 96
  }
}

function setIdentity(p: usize): void {
  memory.copy(p, ZERO, FIELD)
  memory.copy(p + FIELD, ONE, FIELD)
  memory.copy(p + 2 * FIELD, ONE, FIELD)
  memory.copy(p + 3 * FIELD, ZERO, FIELD)
}

/** Scratch of the point formulas, apart from that of encodings. */
const P: usize = S + 26 * FIELD

// out = p + q, where q has the fields "sum" = Y + X and "difference" = Y − X, C = T·(2dT') and D = 2ZZ' are made already.
// @ts-ignore: decorator
@inline
function finishAddition(out: usize, p: usize, sum: usize, difference: usize, subtract: bool): void {
  const A = P
  const B = P + FIELD
  const C = P + 2 * FIELD
  const DD = P + 3 * FIELD
  const E = P + 4 * FIELD
  const F = P + 5 * FIELD
  const G = P + 6 * FIELD
  const H = P + 7 * FIELD
  sub(A, p + FIELD, p)
  add(B, p + FIELD, p)
  mul(A, A, difference)
  mul(B, B, sum)
  sub(E, B, A)
  add(H, B, A)
  if (subtract) {
    add(F, DD, C)
    sub(G, DD, C)
  } else {
    sub(F, DD, C)
    add(G, DD, C)
  }
  mul(out, E, F)
  mul(out + FIELD, G, H)
  mul(out + 2 * FIELD, F, G)
  mul(out + 3 * FIELD, E, H)
}

/** p += q for an affine q. */
function addAffine(p: usize, q: usize): void {
  mul(P + 2 * FIELD, p + 3 * FIELD, q + 2 * FIELD)
  add(P + 3 * FIELD, p + 2 * FIELD, p + 2 * FIELD)
  finishAddition(p, p, q, q + FIELD, false)
}

/** p −= q for an affine q. */
function subAffine(p: usize, q: usize): void {
  mul(P + 2 * FIELD, p + 3 * FIELD, q + 2 * FIELD)
  add(P + 3 * FIELD, p + 2 * FIELD, p + 2 * FIELD)
  finishAddition(p, p, q + FIELD, q, true)
}

/** out = p + q for a cached q. */
function addCached(out: usize, p: usize, q: usize): void {
  mul(P + 2 * FIELD, p + 3 * FIELD, q + 3 * FIELD)
  mul(P + 3 * FIELD, p + 2 * FIELD, q + 2 * FIELD)
  finishAddition(out, p, q, q + FIELD, false)
}

/** The cached form of an extended point. */
function cache(out: usize, p: usize): void {
  add(out, p + FIELD, p)
  sub(out + FIELD, p + FIELD, p)
  add(out + 2 * FIELD, p + 2 * FIELD, p + 2 * FIELD)
  mul(out + 3 * FIELD, p + 3 * FIELD, D2)
}

/** p = 2p. */
function double(p: usize): void {
  const A = P
  const B = P + FIELD
  const C = P + 2 * FIELD
  const E = P + 4 * FIELD
  const F = P + 5 * FIELD
  const G = P + 6 * FIELD
  const H = P + 7 * FIELD
  sqr(A, p)
  sqr(B, p + FIELD)
  sqr(C, p + 2 * FIELD)
  add(E, p, p + FIELD)
  sqr(E, E)
  // With all signs turned: H = A + B, G = A − B, E = H − (X + Y)², F = 2C + G.
  add(H, A, B)
  sub(G, A, B)
  sub(E, H, E)
  add(C, C, C)
  add(F, C, G)
  mul(p, E, F)
  mul(p + FIELD, G, H)
  mul(p + 2 * FIELD, F, G)
  mul(p + 3 * FIELD, E, H)
}

const TEMPORARY: usize = P + 8 * FIELD
const PADDED: usize = TEMPORARY + EXTENDED

/**
 * Digits −2^(width−1) … 2^(width−1) of `count` scalars of 32 bytes, as i16, window by window: what stands at
 * `digits` + 2 · (window · count + index) belongs to 2^(width · window).
 */
function recode(scalars: usize, count: i32, width: i32, windows: i32, digits: usize): void {
  const full = 1 << width
  const half = full >> 1
  for (let index = 0; index < count; index++) {
    memory.copy(PADDED, scalars + 32 * index, 32)
    store<u64>(PADDED, 0, 32)
    let carry = 0
    for (let window = 0; window < windows; window++) {
      const bit = window * width
      let digit = <i32>((load<u32>(PADDED + (bit >> 3)) >> (bit & 7)) & (full - 1)) + carry
      carry = <i32>(digit > half)
      digit -= carry << width
      store<i16>(digits + 2 * (window * count + index), <i16>digit)
    }
  }
}

/**
 * out = Σ scalars[i] · points[i], encoded; by buckets, in a time that depends on the scalars.
 *
 * `points` are affine; `buckets` has room for 2^(width−1) extended points and two more.
 */
export function combine(
  points: usize, scalars: usize, count: i32, width: i32, windows: i32, digits: usize, buckets: usize, out: usize,
): void {
  const bucketCount = 1 << (width - 1)
  const total = buckets + EXTENDED * bucketCount
  const running = total + EXTENDED
  const sum = running + EXTENDED
  recode(scalars, count, width, windows, digits)
  setIdentity(total)
  for (let window = windows - 1; window >= 0; window--) {
    for (let done = 0; done < width; done++) double(total)
    for (let bucket = 0; bucket < bucketCount; bucket++) setIdentity(buckets + EXTENDED * bucket)
    let point = points
    let place = digits + 2 * window * count
    for (let index = 0; index < count; index++) {
      const digit = <i32>load<i16>(place)
      if (digit > 0) addAffine(buckets + EXTENDED * (digit - 1), point)
      else if (digit < 0) subAffine(buckets + EXTENDED * (-digit - 1), point)
      point += AFFINE
      place += 2
    }
    setIdentity(running)
    setIdentity(sum)
    for (let bucket = bucketCount - 1; bucket >= 0; bucket--) {
      cache(TEMPORARY, buckets + EXTENDED * bucket)
      addCached(running, running, TEMPORARY)
      cache(TEMPORARY, running)
      addCached(sum, sum, TEMPORARY)
    }
    cache(TEMPORARY, sum)
    addCached(total, total, TEMPORARY)
  }
  encode(out, total)
}

/** out = ±table[|digit| − 1], or the neutral element for 0, reading all eight entries whatever the digit is. */
function lookUp(out: usize, table: usize, digit: i32): void {
  const sign = digit >> 31
  const place = (digit ^ sign) - sign
  for (let at: usize = 0; at < EXTENDED; at += 4) {
    // The neutral element in cached form: Y + X = Y − X = 1, 2Z = 2, 2dT = 0.
    const neutral = at == 0 || at == FIELD ? 1 : at == 2 * FIELD ? 2 : 0
    let value = neutral & -(<i32>(place == 0))
    for (let entry = 0; entry < 8; entry++) {
      value |= load<i32>(table + EXTENDED * entry + at) & -(<i32>(place == entry + 1))
    }
    store<i32>(out + at, value)
  }
  // The negative of a cached point: sum and difference change places, 2dT its sign.
  for (let at: usize = 0; at < FIELD; at += 4) {
    const turned = (load<i32>(out + at) ^ load<i32>(out + at, FIELD)) & sign
    store<i32>(out + at, load<i32>(out + at) ^ turned)
    store<i32>(out + at, load<i32>(out + at, FIELD) ^ turned, FIELD)
  }
  negateIf(out + 3 * FIELD, out + 3 * FIELD, sign)
}

/**
 * out = Σ scalars[i] · points[i], encoded; no branch and no address depends on a scalar.
 *
 * `tables` has room for 8 · count + 2 points of 160 bytes.
 */
export function multiply(points: usize, scalars: usize, count: i32, digits: usize, tables: usize, out: usize): void {
  const total = tables + 8 * EXTENDED * count
  const chosen = total + EXTENDED
  recode(scalars, count, 4, 64, digits)
  for (let index = 0; index < count; index++) {
    const table = tables + 8 * EXTENDED * index
    setIdentity(total)
    for (let entry = 0; entry < 8; entry++) {
      addAffine(total, points + AFFINE * index)
      cache(table + EXTENDED * entry, total)
    }
  }
  setIdentity(total)
  for (let window = 63; window >= 0; window--) {
    for (let done = 0; done < 4; done++) double(total)
    for (let index = 0; index < count; index++) {
      lookUp(chosen, tables + 8 * EXTENDED * index, <i32>load<i16>(digits + 2 * (window * count + index)))
      addCached(total, total, chosen)
    }
  }
  encode(out, total)
}

/** The first address that is the caller's. */
export const HEAP: usize = PADDED + 48
