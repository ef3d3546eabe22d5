// A trustee's key and share of the decryption (4.5, 4.18), made where the secret stays: in the trustee's browser.
import { generate, member, mod, power, Q, randomExponent } from './group.js'
import { digest } from './hash.js'
import { proveKnowledge, write } from './proofs.js'

export function publicKey(secret) {
  const key = generate(secret)
  const pok = write(proveKnowledge(secret, (made) => digest(`pok|BELENIOS-2048|${key}|${made}`)))
  return { pok, public_key: `${key}` }
}

export function makeKey() {
  const secret = randomExponent()
  return { secret: `${secret}`, published: JSON.stringify(publicKey(secret)) }
}

// `tally` is the encrypted tally as it stands in the archive.
export function decrypt(electionHash, tally, secretText) {
  const secret = BigInt(secretText)
  const key = generate(secret)
  const decryption_factors = []
  const decryption_proofs = []
  for (const row of JSON.parse(tally)) {
    const alphas = row.map((cipher) => member(cipher.alpha))
    decryption_factors.push(alphas.map((alpha) => `${power(alpha, secret)}`))
    decryption_proofs.push(
      alphas.map((alpha) => {
        const nonce = randomExponent()
        const pair = `${generate(nonce)},${power(alpha, nonce)}`
        const challenge = digest(`decrypt|${electionHash}|${key}|${pair}`)
        return write([challenge, mod(nonce - secret * challenge, Q)])
      }),
    )
  }
  return JSON.stringify({ decryption_factors, decryption_proofs })
}
