// Who gives out the codes: made here, printed here; the server gets the public half.
import { ask, saveFile } from './secret.js'
import { announce } from './page.js'

export function watchCodes(root) {
  const form = root.querySelector('form[data-codes]')
  if (!form) return
  const made = form.querySelector('[data-made]')
  const cards = form.querySelector('[data-cards]')
  let codes = []
  form.querySelector('[data-make]').addEventListener('click', async (event) => {
    event.target.disabled = true
    const result = await ask(form.dataset.worker, 'makeCodes', form.dataset.uuid, Number(form.dataset.count))
    codes = result.codes
    form.elements.credentials.value = result.published
    cards.replaceChildren(
      ...codes.map((code) => {
        const card = document.createElement('p')
        card.className = 'code-card'
        const head = document.createElement('span')
        head.className = 'cap'
        head.textContent = form.dataset.title
        const line = document.createElement('b')
        line.className = 'mono'
        line.textContent = code
        card.append(head, line)
        return card
      }),
    )
    made.hidden = false
    announce(made.querySelector('h2')?.textContent)
  })
  form.querySelector('[data-print]').addEventListener('click', () => window.print())
  form
    .querySelector('[data-save]')
    .addEventListener('click', () => saveFile(`codes-${form.dataset.uuid}.txt`, `${codes.join('\n')}\n`))
}
