// A form is sent once, and never into a dead network: what was typed stays on the page.
import { hideToast, toast, word } from './page.js'

const AGAIN_AFTER = 8000

export function watchForms(root) {
  root.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post' || event.defaultPrevented) return
    if (navigator.onLine === false) {
      event.preventDefault()
      toast(word('offline'))
      return
    }
    if (form.dataset.sent) {
      event.preventDefault()
      return
    }
    form.dataset.sent = '1'
    event.submitter?.setAttribute('aria-busy', 'true')
    setTimeout(() => release(form), AGAIN_AFTER)
  })
  addEventListener('pageshow', () => root.querySelectorAll('form[data-sent]').forEach(release))
  addEventListener('online', hideToast)
  root.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-print]')) print()
  })
}

function release(form) {
  delete form.dataset.sent
  form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'))
}
