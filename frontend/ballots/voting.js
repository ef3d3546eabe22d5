// A ballot, encrypted and signed on the voter's own device (4.11–4.15). Nothing readable leaves it.
import { Q, fromBytes, generate, member, randomExponent } from './group.js'
import { digest, fingerprint, stretch } from './hash.js'
import { encrypt, joined, ladder, proveKnowledge, proveOneOf, tablesOf, total, write, writeCipher } from './proofs.js'

export const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

// The secret exponent of a voting code; throws “mistyped_code” where its check letter does not fit.
export function secretOf(code, uuid) {
  const plain = code.trim().replaceAll('-', '')
  const numbers = [...plain].map((letter) => LETTERS.indexOf(letter))
  if (numbers.length !== 15 || numbers.includes(-1)) throw new Error('mistyped_code')
  const number = numbers.slice(0, 14).reduce((sum, digit) => sum * 58n + BigInt(digit), 0n)
  if (Number(53n - (number % 53n)) !== numbers[14]) throw new Error('mistyped_code')
  const written = plain.match(/.{3}/g).join('-')
  return fromBytes(stretch(written, uuid, 1000)) % Q
}

export function fits(question, chosen) {
  const ticked = chosen.reduce((sum, value) => sum + value, 0)
  if (question.blank && chosen[0]) return ticked === 1
  return question.min <= ticked && ticked <= question.max
}

function answer(tables, question, chosen, context) {
  const skip = question.blank ? 1 : 0
  if (chosen.length !== question.answers.length + skip || !fits(question, chosen)) throw new Error('bad_choices')
  const secrets = chosen.map(randomExponent)
  const ciphers = chosen.map((value, n) => encrypt(tables, value, secrets[n]))
  const choices = ciphers.map(writeCipher)
  const individual_proofs = ciphers.map((cipher, n) =>
    proveOneOf(tables, ladder(cipher, 0, 1), chosen[n], secrets[n], `prove|${context}|${joined(cipher)}`),
  )
  const whole = `${context}|${ciphers.map(joined).join(',')}`
  const summed = total(ciphers.slice(skip))
  const secret = secrets.slice(skip).reduce((sum, one) => (sum + one) % Q, 0n)
  const place = chosen.slice(skip).reduce((sum, value) => sum + value, 0) - question.min
  const cases = ladder(summed, question.min, question.max)
  if (!skip) {
    const overall_proof = proveOneOf(tables, cases, place, secret, `prove|${whole}|${joined(summed)}`)
    return { choices, individual_proofs, overall_proof }
  }
  const blank = chosen[0] === 1
  cases.unshift(ladder(ciphers[0], 1, 1)[0])
  const overall_proof = blank
    ? proveOneOf(tables, cases, 0, secrets[0], `bproof1|${whole}`)
    : proveOneOf(tables, cases, place + 1, secret, `bproof1|${whole}`)
  const pair = [ciphers[0], summed]
  const blank_proof = blank
    ? proveOneOf(tables, pair, 1, secret, `bproof0|${whole}`)
    : proveOneOf(tables, pair, 0, secrets[0], `bproof0|${whole}`)
  return { choices, individual_proofs, overall_proof, blank_proof }
}

// `raw` is the election to the byte: its hash is part of every proof, so another wording makes another ballot.
export function makeBallot(raw, code, choices) {
  const election = JSON.parse(raw)
  if (election.group !== 'BELENIOS-2048' || choices.length !== election.questions.length) throw new Error('bad_choices')
  const secret = secretOf(code, election.uuid)
  const credential = `${generate(secret)}`
  const election_hash = fingerprint(raw)
  const tables = tablesOf(member(election.public_key))
  const context = `${election_hash}|${credential}`
  const answers = election.questions.map((question, n) => answer(tables, question, choices[n], context))
  const ballot = { election_uuid: election.uuid, election_hash, credential, answers }
  const hash = fingerprint(JSON.stringify(ballot))
  ballot.signature = { hash, proof: write(proveKnowledge(secret, (made) => digest(`sig|${hash}|${made}`))) }
  const written = JSON.stringify(ballot)
  return { ballot: written, tracking: fingerprint(written) }
}
