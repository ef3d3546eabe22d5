// Zero-knowledge proofs (4.5, 4.12, 4.13): made here, judged by the server and by anybody.
import { FixedBase, G, P, Q, generate, inverse, mod, power, randomExponent, times } from './group.js'
import { digest } from './hash.js'

const DOWN = inverse(G)

export const tablesOf = (key) => ({ key: new FixedBase(key) })
export const write = ([challenge, response]) => ({ challenge: `${challenge}`, response: `${response}` })
export const writeCipher = ({ alpha, beta }) => ({ alpha: `${alpha}`, beta: `${beta}` })
export const joined = ({ alpha, beta }) => `${alpha},${beta}`

// Schnorr: the maker knows the exponent; `ask` hashes the commitment with what is proved.
export function proveKnowledge(secret, ask) {
  const nonce = randomExponent()
  const challenge = ask(generate(nonce))
  return [challenge, mod(nonce - secret * challenge, Q)]
}

export const knows = (key, { challenge, response }, ask) =>
  ask(times(generate(BigInt(response)), power(key, BigInt(challenge)))) === BigInt(challenge)

// (alpha, beta / g^M) for each M from least to most.
export function ladder({ alpha, beta }, least, most) {
  const steps = []
  for (let n = 0, b = beta; n <= most; n++, b = times(b, DOWN)) if (n >= least) steps.push({ alpha, beta: b })
  return steps
}

export const total = (ciphers) =>
  ciphers.reduce((sum, c) => ({ alpha: times(sum.alpha, c.alpha), beta: times(sum.beta, c.beta) }), {
    alpha: 1n,
    beta: 1n,
  })

// One of the cases, the one at `right`, encrypts zero under `secret`; the others are simulated.
export function proveOneOf(tables, cases, right, secret, prefix) {
  const nonce = randomExponent()
  const proofs = []
  const commitments = []
  cases.forEach((one, place) => {
    if (place === right) {
      proofs.push([0n, 0n])
      commitments.push(`${generate(nonce)},${tables.key.power(nonce)}`)
      return
    }
    const [challenge, response] = [randomExponent(), randomExponent()]
    proofs.push([challenge, response])
    const first = times(generate(response), power(one.alpha, challenge))
    commitments.push(`${first},${times(tables.key.power(response), power(one.beta, challenge))}`)
  })
  const others = proofs.reduce((sum, proof) => sum + proof[0], 0n)
  const challenge = mod(digest(`${prefix}|${commitments.join(',')}`) - others, Q)
  proofs[right] = [challenge, mod(nonce - secret * challenge, Q)]
  return proofs.map(write)
}

export function encrypt(tables, value, secret) {
  const beta = tables.key.power(secret)
  return { alpha: generate(secret), beta: value ? (beta * G) % P : beta }
}
