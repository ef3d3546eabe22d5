// Voting codes (4.8), made in the browser of who gives them out; only the public half leaves it, sorted.
import { LETTERS, secretOf } from './voting.js'
import { generate } from './group.js'

function letter() {
  // 232 is the largest multiple of 58 in a byte: every letter is as likely as any other.
  const one = new Uint8Array(1)
  do crypto.getRandomValues(one)
  while (one[0] >= 232)
  return LETTERS[one[0] % 58]
}

function makeCode() {
  let plain = ''
  while (plain.length < 14) plain += letter()
  const number = [...plain].reduce((sum, sign) => sum * 58n + BigInt(LETTERS.indexOf(sign)), 0n)
  return (plain + LETTERS[Number(53n - (number % 53n))]).match(/.{3}/g).join('-')
}

export function makeCodes(uuid, count) {
  const codes = Array.from({ length: count }, makeCode)
  const published = codes.map((code) => `${generate(secretOf(code, uuid))}`).sort()
  return { codes, published: JSON.stringify(published) }
}
