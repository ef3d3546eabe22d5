// The worker that does everything secret, asked from a page; one for each page, started when first needed.
let worker = null
let asked = 0
const waiting = new Map()

export function ask(url, task, ...given) {
  if (!worker) {
    worker = new Worker(url, { type: 'module' })
    worker.addEventListener('message', ({ data }) => {
      const { settle, refuse } = waiting.get(data.number)
      waiting.delete(data.number)
      if (data.trouble) refuse(new Error(data.trouble))
      else settle(data.result)
    })
  }
  const number = ++asked
  return new Promise((settle, refuse) => {
    waiting.set(number, { settle, refuse })
    worker.postMessage({ number, task, given })
  })
}

export function saveFile(name, text) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
