// Keyboard at the desk: / search, j k rows, x select, Enter open, ? the list of keys. None works while typing.

import { hasPane } from './preview.js'

const isTyping = (target) =>
  target.closest?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]')

const rows = () => [...document.querySelectorAll('tr[data-row]')]

let soon

function step(by) {
  const list = rows()
  if (!list.length) return
  const now = list.findIndex((row) => row.classList.contains('cur'))
  const next = list[Math.min(Math.max(now + by, 0), list.length - 1)]
  list.forEach((row) => row.classList.toggle('cur', row === next))
  const link = next.querySelector('a.ttl')
  link?.focus()
  next.scrollIntoView({ block: 'nearest' })
  clearTimeout(soon)
  // Only the row on which one comes to rest is asked for.
  if (hasPane() && link?.hasAttribute('hx-get')) soon = setTimeout(() => link.click(), 250)
}

const current = () => document.querySelector('tr[data-row].cur')

const moves = {
  '/': () => document.querySelector('[data-key="/"],.fsearch input,.yw-search input')?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector('input[name=row]')?.click(),
  '?': () => document.querySelector('a[data-keys-help]')?.click(),
}

export function watchKeys(root) {
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const link = root.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`)
    const move = moves[event.key] ?? (link && (() => link.click()))
    if (!move || document.querySelector('dialog[open]')) return
    event.preventDefault()
    move()
  })
}
