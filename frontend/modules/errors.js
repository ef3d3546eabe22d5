// The error summary takes the focus; its links put it into the field they name.

export function focusErrors(root) {
  const summary = root.matches?.('[data-errsum]') ? root : root.querySelector('[data-errsum]')
  if (!summary) return
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    field.scrollIntoView({ block: 'center' })
    const first = field.matches('fieldset') ? field.querySelector('input') : null
    ;(first ?? field).focus({ preventScroll: true })
  })
}
