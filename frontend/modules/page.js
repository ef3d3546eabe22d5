// Small helpers the other modules share.

// The cookie may be hidden from scripts or carry another name, so a form on the page is asked first.
export const csrfToken = () =>
  document.querySelector('[name=csrfmiddlewaretoken]')?.value ??
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  ''

export const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null)

// One sentence for screen readers, without moving the focus.
export function announce(text) {
  const live = document.getElementById('live')
  if (!live || !text) return
  live.textContent = ''
  setTimeout(() => (live.textContent = text), 50)
}

// Words come from the page, so that they are translated where all words are.
export const word = (name) => document.getElementById('live')?.dataset[name] ?? ''

export function toast(text) {
  let place = document.getElementById('toast')
  if (!place) {
    place = document.createElement('div')
    place.id = 'toast'
    place.setAttribute('role', 'alert')
    document.body.append(place)
  }
  place.textContent = text
  place.hidden = false
}

export function hideToast() {
  const place = document.getElementById('toast')
  if (place) place.hidden = true
}
