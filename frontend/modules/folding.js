// A question that depends on another one of the page is folded away until its answer fits; without scripts it is there.
function answers(form, name) {
  const boxes = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((box) => box.type !== 'hidden')
  return boxes.filter((box) => !/^(radio|checkbox)$/.test(box.type) || box.checked).map((box) => box.value)
}

function fold(form) {
  for (const part of form.querySelectorAll('[data-depends]')) {
    const among = part.dataset.among.split(',')
    part.hidden = !answers(form, part.dataset.depends).some((told) => among.includes(told))
  }
}

export function watchFolding(root) {
  root.querySelectorAll('form').forEach(fold)
  root.addEventListener('change', (event) => event.target.form && fold(event.target.form))
}
