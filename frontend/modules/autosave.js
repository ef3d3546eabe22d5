// <form data-autosave="url">: what was typed is saved on leaving a field and when the page is hidden.
// The server answers with one short text (“10:32已自动存好”), shown wherever data-saved stands.
import { csrfToken, word } from './page.js'

async function save(form) {
  const body = new FormData(form)
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name)
  const place = document.querySelector('[data-saved]')
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: 'POST',
      body,
      headers: { 'X-CSRFToken': csrfToken(), 'X-Autosave': '1' },
      keepalive: true,
    })
    if (answer.ok && !answer.redirected) {
      form.dataset.unsaved = ''
      if (place) place.textContent = await answer.text()
    }
  } catch {
    form.dataset.unsaved = '1'
    if (place) place.textContent = word('unsaved')
  }
}

export function watchDrafts(root) {
  root.addEventListener('change', (event) => {
    const form = event.target.form
    if (form?.dataset.autosave && event.target.type !== 'file') save(form)
  })
  addEventListener('online', () => {
    for (const form of root.querySelectorAll('form[data-unsaved="1"]')) save(form)
  })
}
