// <a data-dialog href>: the page behind the link, shown as a dialog; without this module it is simply a page.
import { announce } from './page.js'

async function open(link) {
  const answer = await fetch(link.href, { headers: { 'HX-Request': 'true' } })
  if (!answer.ok) return location.assign(link.href)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const body = page.querySelector('.dlg-body')
  if (!body) return location.assign(link.href)
  const dialog = document.createElement('dialog')
  dialog.className = 'dlg'
  const title = body.querySelector('h1,h2')
  if (title) dialog.setAttribute('aria-label', title.textContent.trim())
  dialog.append(document.importNode(body, true))
  document.body.append(dialog)
  dialog.addEventListener('close', () => {
    dialog.remove()
    link.focus()
  })
  window.htmx?.process(dialog)
  dialog.showModal()
  announce(title?.textContent.trim())
}

export function watchDialogs(root) {
  root.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-dialog]')
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault()
      open(link)
      return
    }
    const shut = event.target.closest?.('dialog.dlg [data-close]')
    if (shut) {
      event.preventDefault()
      shut.closest('dialog').close()
    }
  })
}
