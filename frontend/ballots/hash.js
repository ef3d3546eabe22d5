// SHA-256 and what follows from it. Our own, because a hall's network may have no certificate and then the browser
// hides its own; and because proofs hash hundreds of small texts, each at once.
import { Q, fromBytes } from './group.js'

const PRIMES = []
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n)
const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) | 0
const ROOTS = PRIMES.map((p) => fraction(Math.cbrt(p)))
const START = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)))
const turn = (x, n) => (x >>> n) | (x << (32 - n))

export const bytes = (text) => new TextEncoder().encode(text)

export function sha256(data) {
  const padded = new Uint8Array((((data.length + 8) >> 6) + 1) << 6)
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29))
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0)
  const state = Int32Array.from(START)
  const w = new Int32Array(64)
  for (let place = 0; place < padded.length; place += 64) {
    for (let n = 0; n < 16; n++) w[n] = view.getInt32(place + 4 * n)
    for (let n = 16; n < 64; n++) {
      const [x, y] = [w[n - 15], w[n - 2]]
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
      w[n] = w[n - 16] + s0 + w[n - 7] + s1
    }
    round(state, w)
  }
  const out = new DataView(new ArrayBuffer(32))
  state.forEach((word, n) => out.setInt32(4 * n, word))
  return new Uint8Array(out.buffer)
}

function round(state, w) {
  let [a, b, c, d, e, f, g, h] = state
  for (let n = 0; n < 64; n++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROOTS[n] + w[n]) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, n) => (state[n] = (state[n] + word) | 0))
}

// A hash as a number modulo q, as all proofs take it.
export const digest = (text) => fromBytes(sha256(bytes(text))) % Q

// HJSON (4.15): the election's hash, a ballot's tracking number.
export const fingerprint = (text) => btoa(String.fromCharCode(...sha256(bytes(text)))).replace(/=+$/, '')

function hmac(inner, outer, data) {
  const whole = new Uint8Array(64 + data.length)
  whole.set(inner)
  whole.set(data, 64)
  const second = new Uint8Array(96)
  second.set(outer)
  second.set(sha256(whole), 64)
  return sha256(second)
}

// HMAC-SHA256 with a key of at most 64 bytes.
export function mac(key, data) {
  const [inner, outer] = [new Uint8Array(64).fill(0x36), new Uint8Array(64).fill(0x5c)]
  key.forEach((byte, n) => {
    inner[n] ^= byte
    outer[n] ^= byte
  })
  return hmac(inner, outer, data)
}

// PBKDF2 with HMAC-SHA256, one block. The password is at most 64 bytes: a voting code is.
export function stretch(password, salt, rounds) {
  const [inner, outer] = [new Uint8Array(64).fill(0x36), new Uint8Array(64).fill(0x5c)]
  bytes(password).forEach((byte, n) => {
    inner[n] ^= byte
    outer[n] ^= byte
  })
  let block = hmac(inner, outer, bytes(salt + '\0\0\0\x01'))
  const total = Uint8Array.from(block)
  for (let n = 1; n < rounds; n++) {
    block = hmac(inner, outer, block)
    block.forEach((byte, k) => (total[k] ^= byte))
  }
  return total
}
