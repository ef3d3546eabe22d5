// <form data-keep="name">: what is typed stays on this phone until the server has it. Without a network the form waits
// and is sent when there is one; its hidden key makes a form that is sent twice one record.
import { csrfToken, toast } from './page.js'

const place = (form) => `yw-keep-${form.dataset.keep}`

function keep(form) {
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken')
  try {
    localStorage.setItem(place(form), JSON.stringify(typed))
  } catch {
    // a full or forbidden store: the page itself still holds everything
  }
}

function restore(form) {
  const kept = localStorage.getItem(place(form))
  if (!kept || form.querySelector('[aria-invalid="true"]')) return
  const typed = JSON.parse(kept)
  for (const control of form.elements) {
    if (!control.name || control.type === 'file' || control.name === 'csrfmiddlewaretoken') continue
    const values = typed.filter(([name]) => name === control.name).map(([, value]) => value)
    if (['checkbox', 'radio'].includes(control.type)) control.checked = values.includes(control.value)
    else if (values.length) control.value = values[0]
  }
  toast(form.dataset.kept)
}

async function send(form) {
  keep(form)
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { 'X-CSRFToken': csrfToken() } })
    form.dataset.waits = ''
    if (answer.redirected && !answer.url.includes('/accounts/')) {
      localStorage.removeItem(place(form))
      location.assign(answer.url)
    } else form.submit() // the plain page says what is wrong
  } catch {
    form.dataset.waits = '1'
    toast(form.dataset.waiting)
  }
}

export function watchKept(root) {
  for (const form of root.querySelectorAll('form[data-keep]')) {
    restore(form)
    form.addEventListener('input', () => keep(form))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      send(form)
    })
  }
  addEventListener('online', () => {
    for (const form of root.querySelectorAll('form[data-waits="1"]')) send(form)
  })
}
