// [data-orgpick=url]: a combobox over a search endpoint; arrows walk the hits, Enter takes one, typing lets go of it.
const WAIT = 250
const waits = new WeakMap()

function parts(box) {
  return {
    text: box.querySelector('input[type=search]'),
    value: box.querySelector('[data-orgpick-value]'),
    hits: box.querySelector('.orgpick-hits'),
  }
}

function show(box, isOpen) {
  const { text, hits } = parts(box)
  hits.hidden = !isOpen
  text.setAttribute('aria-expanded', String(isOpen))
  if (!isOpen) text.removeAttribute('aria-activedescendant')
}

async function search(box) {
  const { text, hits } = parts(box)
  const asked = text.value
  const answer = await fetch(`${box.dataset.orgpick}?q=${encodeURIComponent(asked)}&picker=1`, {
    headers: { 'HX-Request': 'true' },
  }).catch(() => null)
  if (!answer?.ok || asked !== text.value) return
  hits.innerHTML = await answer.text()
  show(box, true)
}

function take(box, hit) {
  const { text, value } = parts(box)
  if (!hit || hit.getAttribute('aria-disabled')) return
  value.value = hit.dataset.value
  text.value = hit.dataset.text
  show(box, false)
  value.dispatchEvent(new Event('change', { bubbles: true }))
}

function walk(box, by) {
  const { text, hits } = parts(box)
  const list = [...hits.querySelectorAll('.hit')]
  if (hits.hidden || !list.length) return search(box)
  const now = list.findIndex((hit) => hit.getAttribute('aria-selected') === 'true')
  const next = (now + by + list.length) % list.length
  list.forEach((hit, place) => hit.setAttribute('aria-selected', String(place === next)))
  text.setAttribute('aria-activedescendant', list[next].id)
  list[next].scrollIntoView({ block: 'nearest' })
}

function dress(box) {
  const { text, value, hits } = parts(box)
  if (!value || !box.dataset.orgpick) return
  text.setAttribute('role', 'combobox')
  text.setAttribute('aria-autocomplete', 'list')
  text.setAttribute('aria-controls', hits.id)
  text.setAttribute('aria-expanded', 'false')
  hits.setAttribute('role', 'listbox')
  hits.setAttribute('aria-label', text.labels[0]?.textContent ?? text.placeholder)
}

export function watchPickers(root) {
  root.querySelectorAll('[data-orgpick]').forEach(dress)
  const boxOf = (event) => (event.target.matches?.('[role=combobox]') ? event.target.closest('[data-orgpick]') : null)
  root.addEventListener('focusin', (event) => {
    const box = boxOf(event)
    if (box && !event.target.value) search(box)
  })
  root.addEventListener('input', (event) => {
    const box = boxOf(event)
    if (!box) return
    parts(box).value.value = ''
    clearTimeout(waits.get(box))
    waits.set(
      box,
      setTimeout(() => search(box), WAIT),
    )
  })
  root.addEventListener('keydown', (event) => {
    const box = boxOf(event)
    if (!box) return
    const { hits } = parts(box)
    const chosen = hits.querySelector('[aria-selected=true]')
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      walk(box, event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && !hits.hidden && chosen) {
      event.preventDefault()
      take(box, chosen)
    } else if (event.key === 'Escape') show(box, false)
  })
  root.addEventListener('click', (event) => {
    const hit = event.target.closest?.('.hit')
    const box = event.target.closest?.('[data-orgpick]')
    if (hit && box) take(box, hit)
    for (const other of root.querySelectorAll('[data-orgpick]')) if (other !== box) show(other, false)
  })
}
