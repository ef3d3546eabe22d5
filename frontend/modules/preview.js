// A row of a list with a side pane shows itself there when it is pressed anywhere, not on its title only.
const CONTROLS = 'a,button,input,label,summary,select'

export const hasPane = () => matchMedia('(min-width: 68rem)').matches

export function watchPreview(root) {
  root.addEventListener('click', (event) => {
    const row = event.target.closest('tr[data-row]')
    if (!row || !hasPane() || event.target.closest(CONTROLS)) return
    if (getSelection()?.toString()) return // somebody marks a number to copy it
    row.querySelector('a.ttl[hx-get]')?.click()
  })
}
