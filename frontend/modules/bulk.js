// Selected rows: how many, what may be done with all of them, a range with shift.
let last = null

const boxes = (form) => [...form.querySelectorAll('tbody input[name=row]')]

function refresh(form) {
  const bar = form.querySelector('[data-bulk-bar]')
  const chosen = boxes(form).filter((box) => box.checked)
  const count = bar.querySelector('[data-bulk-count]')
  count.dataset.idle ??= count.textContent
  const gap = /^[a-z]/i.test(count.dataset.unit) ? ' ' : '' // “2 items”, 2件
  count.textContent = chosen.length
    ? count.dataset.words.replace('{n}', chosen.length + gap + count.dataset.unit)
    : count.dataset.idle
  const all = bar.querySelector('[data-bulk-all]')
  all.checked = chosen.length > 0 && chosen.length === boxes(form).length
  all.indeterminate = chosen.length > 0 && !all.checked
  for (const button of bar.querySelectorAll('[data-move]'))
    button.hidden = !chosen.every((box) => box.dataset.moves.split(' ').includes(button.dataset.move))
}

export function watchBulk(root) {
  root.addEventListener('change', (event) => {
    const form = event.target.closest?.('[data-bulk]')
    if (!form) return
    if (event.target.matches('[data-bulk-all]')) boxes(form).forEach((box) => (box.checked = event.target.checked))
    refresh(form)
  })
  root.addEventListener('click', (event) => {
    const box = event.target
    const form = box.matches?.('tbody input[name=row]') && box.closest('[data-bulk]')
    if (!form) return
    const list = boxes(form)
    if (event.shiftKey && last && list.includes(last)) {
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b)
      list.slice(from, to + 1).forEach((one) => (one.checked = box.checked))
    }
    last = box
    refresh(form)
  })
  addEventListener('pageshow', () => root.querySelectorAll('[data-bulk]').forEach(refresh))
}
