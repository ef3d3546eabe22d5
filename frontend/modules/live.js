// What htmx does in the background, said aloud: results, a slow answer, no network, a fault.
import { hasPane } from './preview.js'
import { announce, csrfToken, hideToast, toast, word } from './page.js'

const SLOW = 8000
let slow = null

export function watchLive(root) {
  root.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrfToken()
  })
  root.addEventListener('htmx:beforeRequest', () => {
    clearTimeout(slow)
    slow = setTimeout(() => toast(word('slow')), SLOW)
  })
  root.addEventListener('htmx:afterRequest', () => clearTimeout(slow))
  root.addEventListener('htmx:afterSwap', (event) => {
    hideToast()
    const swapped = event.detail.elt
    const told = swapped.matches?.('[data-announce]') ? swapped : swapped.querySelector?.('[data-announce]')
    announce(told?.textContent)
  })
  root.addEventListener('htmx:sendError', () => toast(word('offline')))
  root.addEventListener('htmx:responseError', (event) => {
    // Signed out meanwhile, or refused: the plain page says what to do.
    if ([401, 403].includes(event.detail.xhr.status)) location.assign(event.detail.pathInfo.requestPath)
    else toast(word('fault'))
  })
  // Where the side pane stands below the list nobody would see it fill: open the page itself.
  root.addEventListener('htmx:beforeRequest', (event) => {
    if (event.detail.target?.id !== 'aside' || hasPane()) return
    event.preventDefault()
    location.assign(event.detail.elt.href)
  })
  // A row shown in the side pane is the current one.
  root.addEventListener('htmx:beforeRequest', (event) => {
    const row = event.detail.elt.closest?.('tr[data-row]')
    if (row) for (const one of row.parentElement.children) one.classList.toggle('cur', one === row)
  })
}
