// Chosen pictures are shown at once with their size; what is too big is said before anything is sent.

const size = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`)

function line(file, box, limit) {
  const item = document.createElement('li')
  const tooBig = file.size > limit
  item.className = tooBig ? 'file err' : 'file'
  const picture = document.createElement(file.type.startsWith('image/') ? 'img' : 'span')
  picture.className = 'thumb'
  if (picture instanceof HTMLImageElement) {
    picture.alt = ''
    picture.src = URL.createObjectURL(file)
    picture.onload = () => URL.revokeObjectURL(picture.src)
  }
  const words = document.createElement('span')
  words.className = 'grow'
  const name = document.createElement('b')
  name.className = 'block'
  name.textContent = file.name
  const note = document.createElement('span')
  note.className = tooBig ? 'emsg' : 'cap'
  note.textContent = tooBig ? `${size(file.size)} ${box.dataset.tooBig}` : size(file.size)
  words.append(name, note)
  item.append(picture, words)
  return item
}

export function watchFiles(root) {
  root.addEventListener('change', (event) => {
    const box = event.target.type === 'file' && event.target.closest('[data-files]')
    if (!box) return
    const limit = Number(event.target.dataset.maxSize || 10) * 1048576
    box.querySelector('.filelist').replaceChildren(...[...event.target.files].map((file) => line(file, box, limit)))
  })
}
