// A draw replayed from its file alone, as docs/reference/draws.md describes it. Tells every step and stops at the first
// that does not hold.
import { bytes, mac, sha256 } from './hash.js'

const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')
const hash = (text) => hex(sha256(bytes(text)))

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

export function replayDraw(text, published) {
  const told = JSON.parse(text)
  const { announcement, commitment, secret, seed } = told
  const tickets = announcement.tickets
  const order = tickets
    .map((ticket) => [hex(mac(bytes(seed), bytes(ticket))), ticket])
    .sort((one, two) => (one[0] < two[0] ? -1 : 1))
    .map(([, ticket]) => ticket)
  const sorted = [...new Set(tickets)].sort()
  const steps = [
    ['bytes', canonical(told) === text],
    ['list', canonical(sorted) === canonical(tickets)],
    ['commitment', hash(canonical(announcement)) === commitment && commitment === published],
    ['secret', hash(secret) === announcement.secret_sha256],
    ['seed', hash(`${commitment}:${secret}:${told.public}`) === seed],
    ['order', canonical(order) === canonical(told.order)],
  ]
  return { steps, winners: order.slice(0, announcement.places), waiting: order.slice(announcement.places) }
}
