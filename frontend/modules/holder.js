// A key holder: the key is made here and stays here; the form carries what may be known.
import { ask, saveFile } from './secret.js'

const place = (given) => `yw-key-${given.uuid}-${given.owner}`

async function makeMaterial(url, given, secret) {
  const run = (task, ...rest) => ask(url, task, ...rest)
  switch (given.step) {
    case 'key': {
      const made = await run('makeKey')
      return { material: made.published, secret: made.secret }
    }
    case 'certificate': {
      const seed = await run('makeSeed')
      return { material: await run('makeCertificate', seed), secret: seed }
    }
    case 'polynomial':
      return { material: await run('makePolynomial', secret, given.certs, given.needed) }
    case 'output':
      return { material: await run('makeVoutput', secret, given.certs, given.vinput, given.needed) }
    default: {
      const key = given.sealed ? await run('openKey', secret, given.sealed) : secret
      return { material: await run('decrypt', given.hash, given.tally, key) }
    }
  }
}

export function watchHolder(root) {
  const form = root.querySelector('form[data-holder]')
  if (!form) return
  const given = JSON.parse(document.getElementById('given').textContent)
  const file = form.querySelector('[data-key-file]')
  const trouble = form.querySelector('[data-trouble]')
  const makesOne = given.step === 'key' || given.step === 'certificate'
  let secret = localStorage.getItem(place(given))
  if (!makesOne && !secret) file.hidden = false
  form.addEventListener('submit', async (event) => {
    if (form.elements.material.value) return
    event.preventDefault()
    trouble.hidden = true
    const picked = file.querySelector('input').files[0]
    if (!makesOne && picked) secret = (await picked.text()).trim()
    if (!makesOne && !secret) {
      file.hidden = false
      file.querySelector('input').focus()
      return
    }
    form.setAttribute('aria-busy', 'true')
    try {
      const made = await makeMaterial(form.dataset.worker, given, secret)
      if (made.secret) {
        localStorage.setItem(place(given), made.secret)
        saveFile(`key-${given.uuid}-${given.owner}.txt`, `${made.secret}\n`)
      }
      form.elements.material.value = made.material
      form.requestSubmit()
    } catch {
      trouble.hidden = false
      file.hidden = makesOne
    }
    form.removeAttribute('aria-busy')
  })
}

// data-forget="name": where a key is told to be destroyed, the one this browser keeps is destroyed, too.
export function watchForget(root) {
  for (const told of root.querySelectorAll('[data-forget]')) localStorage.removeItem(told.dataset.forget)
}
