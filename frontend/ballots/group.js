// The group BELENIOS-2048 (5.1 of the specification) in native BigInt, with tables for bases that come back.

export const P = BigInt(
  '2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433' +
    '8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049' +
    '0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019' +
    '1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366' +
    '8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201' +
    '3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031' +
    '25680162072880719',
)
export const G = BigInt(
  '2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678' +
    '7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274' +
    '0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065' +
    '8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982' +
    '6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751' +
    '7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668' +
    '0037745308460627',
)
export const Q = BigInt('78571733251071885079927659812671450121821421258408794611510081919805623223441')
const WINDOW = 5n
const MASK = 31n

export const mod = (number, by) => ((number % by) + by) % by
export const times = (a, b) => (a * b) % P

// b^e mod p by windows of five bits.
export function power(base, exponent) {
  const odd = [1n, base]
  for (let n = 2; n < 32; n++) odd.push((odd[n - 1] * base) % P)
  const digits = []
  for (let rest = exponent; rest > 0n; rest >>= WINDOW) digits.push(Number(rest & MASK))
  let total = 1n
  for (let n = digits.length - 1; n >= 0; n--) {
    if (total !== 1n) for (let k = 0; k < 5; k++) total = (total * total) % P
    if (digits[n]) total = (total * odd[digits[n]]) % P
  }
  return total
}

export class FixedBase {
  constructor(base) {
    this.rows = []
    for (let n = 0, step = base; n < 52; n++) {
      const row = [1n]
      for (let k = 1; k < 32; k++) row.push((row[k - 1] * step) % P)
      this.rows.push(row)
      step = (row[31] * step) % P
    }
  }

  power(exponent) {
    let total = 1n
    for (let n = 0, rest = exponent; rest > 0n; n++, rest >>= WINDOW) {
      const digit = Number(rest & MASK)
      if (digit) total = (total * this.rows[n][digit]) % P
    }
    return total
  }
}

const generator = new FixedBase(G)
export const generate = (exponent) => generator.power(exponent)

export function inverse(number, by = P) {
  let [a, b, x, y] = [mod(number, by), by, 1n, 0n]
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return mod(x, by)
}

export function fromBytes(bytes) {
  let hex = '0x0'
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return BigInt(hex)
}

// Every exponent below q equally likely.
export function randomExponent() {
  for (;;) {
    const number = fromBytes(crypto.getRandomValues(new Uint8Array(32)))
    if (number < Q) return number
  }
}

// A number that came from elsewhere: digits only, in the subgroup.
export function member(text) {
  if (typeof text !== 'string' || !/^[1-9][0-9]{0,616}$/.test(text)) throw new Error('malformed')
  const number = BigInt(text)
  if (number >= P || power(number, Q) !== 1n) throw new Error('not_in_subgroup')
  return number
}
