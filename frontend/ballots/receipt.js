// What a voter keeps: a short code from the tracking number, and the cloth woven from it (as platform/ui/weave.py weaves it).
import { bytes, sha256 } from './hash.js'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const THREADS = 10

// 60 bits of the tracking number, in letters that can't be taken for one another: XXXX-XXXX-XXXX.
export function receiptCode(tracking) {
  const raw = Uint8Array.from(atob(tracking + '='), (letter) => letter.charCodeAt(0))
  let number = 0n
  for (const byte of raw.slice(0, 8)) number = (number << 8n) | BigInt(byte)
  let code = ''
  for (let place = 0; place < 12; place++) code += ALPHABET[Number((number >> BigInt(59 - 5 * place)) & 31n)]
  return code.match(/.{4}/g).join('-')
}

// For each crossing, whether the warp lies over the weft.
export function overUnder(code) {
  const digest = sha256(bytes(code.toUpperCase().replace(/[^A-Z0-9]/g, '')))
  const rows = []
  for (let row = 0; row < THREADS; row++) {
    rows.push([])
    for (let column = 0; column < THREADS; column++) {
      const bit = row * THREADS + column
      rows[row].push(Boolean((digest[31 - (bit >> 3)] >> (bit & 7)) & 1))
    }
  }
  return rows
}

export function makeReceipt(tracking) {
  const code = receiptCode(tracking)
  return { code, cloth: overUnder(code) }
}
