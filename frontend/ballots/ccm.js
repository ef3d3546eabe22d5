// AES-256 in CCM mode with a tag of 8 bytes and a vector of 13: what the protocol's trustees write to one another
// in (4.6.1), and what browsers do not offer.

const BOX = new Uint8Array(256)
for (let p = 1, q = 1, first = true; first || p !== 1; first = false) {
  p ^= (p << 1) ^ (p & 0x80 ? 0x11b : 0)
  p &= 0xff
  for (const shift of [1, 2, 4]) q ^= q << shift
  q &= 0xff
  if (q & 0x80) q ^= 0x09
  const around = (n) => ((q << n) | (q >> (8 - n))) & 0xff
  BOX[p] = q ^ around(1) ^ around(2) ^ around(3) ^ around(4) ^ 0x63
}
BOX[0] = 0x63
const double = (byte) => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff

function expand(key) {
  const words = []
  for (let n = 0; n < 8; n++) words.push([...key.slice(4 * n, 4 * n + 4)])
  for (let n = 8, constant = 1; n < 60; n++) {
    let word = [...words[n - 1]]
    if (n % 8 === 0) {
      word = [BOX[word[1]] ^ constant, BOX[word[2]], BOX[word[3]], BOX[word[0]]]
      constant = double(constant)
    } else if (n % 8 === 4) word = word.map((byte) => BOX[byte])
    words.push(word.map((byte, k) => byte ^ words[n - 8][k]))
  }
  return words.flat()
}

function encryptBlock(schedule, block) {
  let state = block.map((byte, n) => byte ^ schedule[n])
  for (let round = 1; round <= 14; round++) {
    const moved = state.map((_, n) => BOX[state[(n + 4 * (n % 4)) % 16]])
    const mixed = round === 14 ? moved : mix(moved)
    state = mixed.map((byte, n) => byte ^ schedule[16 * round + n])
  }
  return state
}

function mix(state) {
  return state.map((byte, n) => {
    const column = n - (n % 4)
    const at = (k) => state[column + ((n + k) % 4)]
    return double(byte) ^ double(at(1)) ^ at(1) ^ at(2) ^ at(3)
  })
}

function pieces(schedule, vector, data) {
  const counter = (n) => encryptBlock(schedule, [1, ...vector, n >> 8, n & 0xff])
  const out = new Uint8Array(data.length)
  for (let n = 0; n < data.length; n += 16) {
    const stream = counter(n / 16 + 1)
    for (let k = n; k < Math.min(n + 16, data.length); k++) out[k] = data[k] ^ stream[k - n]
  }
  return [out, counter(0)]
}

function authenticate(schedule, vector, plain) {
  let state = encryptBlock(schedule, [0x19, ...vector, plain.length >> 8, plain.length & 0xff])
  for (let n = 0; n < plain.length; n += 16) state = encryptBlock(schedule, state.map((byte, k) => byte ^ (plain[n + k] ?? 0)))
  return state.slice(0, 8)
}

export function seal(key, vector, plain) {
  if (plain.length > 0xffff) throw new Error('too_large')
  const schedule = expand(key)
  const [data, mask] = pieces(schedule, vector, plain)
  return [...data, ...authenticate(schedule, vector, plain).map((byte, n) => byte ^ mask[n])]
}

export function unseal(key, vector, sealed) {
  const schedule = expand(key)
  const [plain, mask] = pieces(schedule, vector, sealed.slice(0, -8))
  const tag = authenticate(schedule, vector, plain).map((byte, n) => byte ^ mask[n])
  if (tag.some((byte, n) => byte !== sealed[sealed.length - 8 + n])) throw new Error('bad_channel')
  return plain
}
