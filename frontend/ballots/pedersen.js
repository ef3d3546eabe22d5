// The trustee's side of the threshold ceremony (4.6): no single trustee, and never the server, holds the key.
import { Q, generate, inverse, member, mod, power, randomExponent, times } from './group.js'
import { bytes, digest, sha256 } from './hash.js'
import { knows, proveKnowledge, write } from './proofs.js'
import { seal, unseal } from './ccm.js'
import { publicKey } from './trustees.js'

const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))

export function makeSeed() {
  let seed = ''
  while (seed.length < 22) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < 232) seed += LETTERS[byte % 58]
  }
  return seed
}

const keysOf = (seed) => {
  const [signing, opening] = [digest(`sk|${seed}`), digest(`dk|${seed}`)]
  return { signing, opening, verification: generate(signing), encryption: generate(opening) }
}

function sign(signing, message) {
  return { message, signature: write(proveKnowledge(signing, (made) => digest(`sigmsg|${message}|${made}`))) }
}

function openSigned({ message, signature }, key) {
  if (!knows(key, signature, (made) => digest(`sigmsg|${message}|${made}`))) throw new Error('bad_trustee_signature')
  return JSON.parse(message)
}

const channel = (shared, alpha) => [sha256(bytes(`key|${shared}`)), sha256(bytes(`iv|${alpha}`)).slice(0, 13)]

function send(signing, recipient, message) {
  const inner = JSON.stringify(sign(signing, JSON.stringify({ recipient: `${recipient}`, message })))
  const [nonce, shared] = [randomExponent(), generate(randomExponent())]
  const alpha = generate(nonce)
  const [key, vector] = channel(shared, alpha)
  const beta = times(power(recipient, nonce), shared)
  return JSON.stringify({ alpha: `${alpha}`, beta: `${beta}`, data: hex(seal(key, vector, bytes(inner))) })
}

function receive(keys, sender, text) {
  const { alpha, beta, data } = JSON.parse(text)
  const shared = times(BigInt(beta), inverse(power(BigInt(alpha), keys.opening)))
  const [key, vector] = channel(shared, BigInt(alpha))
  const signed = JSON.parse(new TextDecoder().decode(unseal(key, vector, unhex(data))))
  const { recipient, message } = openSigned(signed, sender)
  if (BigInt(recipient) !== keys.encryption) throw new Error('bad_channel')
  return JSON.parse(message)
}

function readCertificates(certs, keys) {
  const known = certs.map((cert) => {
    const message = JSON.parse(cert.message)
    const [verification, encryption] = [member(message.verification), member(message.encryption)]
    openSigned(cert, verification)
    return { verification, encryption }
  })
  const place = known.findIndex((cert) => cert.encryption === keys.encryption)
  if (place < 0) throw new Error('foreign_certificates')
  return [known, place]
}

// Step 1.
export function makeCertificate(seed) {
  const { signing, verification, encryption } = keysOf(seed)
  return JSON.stringify(
    sign(signing, JSON.stringify({ verification: `${verification}`, encryption: `${encryption}` })),
  )
}

// Step 3.
export function makePolynomial(seed, certs, needed) {
  const keys = keysOf(seed)
  const [known] = readCertificates(certs, keys)
  const numbers = Array.from({ length: needed }, randomExponent)
  const value = (place) => numbers.reduceRight((sum, number) => (sum * place + number) % Q, 0n)
  const polynomial = JSON.stringify({ polynomial: numbers.map(String) })
  const coefexps = JSON.stringify({ coefexps: numbers.map((number) => `${generate(number)}`) })
  return JSON.stringify({
    polynomial: send(keys.signing, keys.encryption, polynomial),
    secrets: known.map((cert, n) =>
      send(keys.signing, cert.encryption, JSON.stringify({ secret: `${value(BigInt(n + 1))}` })),
    ),
    coefexps: sign(keys.signing, coefexps),
  })
}

// Step 5: what the others sent must fit what they published.
export function makeVoutput(seed, certs, vinput, needed) {
  const keys = keysOf(seed)
  const [known, own] = readCertificates(certs, keys)
  let sum = 0n
  known.forEach((cert, n) => {
    const { coefexps } = openSigned(vinput.coefexps[n], cert.verification)
    const secret = mod(BigInt(receive(keys, cert.verification, vinput.secrets[n]).secret), Q)
    const place = BigInt(own + 1)
    const expected = coefexps.map(member).reduceRight((total, one) => times(power(total, place), one), 1n)
    if (coefexps.length !== needed || generate(secret) !== expected) throw new Error('lying_trustee')
    sum = (sum + secret) % Q
  })
  const key = JSON.stringify({ decryption_key: `${sum}` })
  return JSON.stringify({ private_key: send(keys.signing, keys.encryption, key), public_key: publicKey(sum) })
}

export function openKey(seed, text) {
  const keys = keysOf(seed)
  return `${mod(BigInt(receive(keys, keys.verification, text).decryption_key), Q)}`
}
