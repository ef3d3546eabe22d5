// Figures get their commas and identity numbers their gaps on leaving the box; the server accepts both forms.

const plain = (text) =>
  text.replace(/[\s,，]/g, '').replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 65248))

function money(text) {
  const value = plain(text)
  if (!/^-?\d+(\.\d{0,2})?$/.test(value)) return text
  const [whole, part] = value.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

function identity(text) {
  const value = plain(text).toUpperCase()
  return /^\d{17}[\dX]$/.test(value) ? `${value.slice(0, 6)} ${value.slice(6, 14)} ${value.slice(14)}` : text
}

const shapes = { money, identity }

export function watchInputs(root) {
  root.addEventListener('focusout', (event) => {
    const shape = shapes[event.target.dataset?.kind]
    if (shape && event.target.value) event.target.value = shape(event.target.value)
  })
  // “是38,460.00元？点这里改成它”
  root.querySelectorAll('[data-fill]').forEach((button) => (button.hidden = false))
  root.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-fill]')
    const field = button && root.querySelector(button.dataset.fill)
    if (!field) return
    field.value = button.dataset.value
    field.focus()
    field.dispatchEvent(new Event('change', { bubbles: true }))
    button.hidden = true
  })
  root.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]')
    if (!button) return
    await navigator.clipboard?.writeText(button.dataset.copy)
    const words = button.dataset.copied
    if (words) button.querySelector('[data-label]').textContent = words
  })
}
