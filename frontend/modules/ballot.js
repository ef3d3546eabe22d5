// “已选1人，还可选1人”, said while choosing; too many is said too, never prevented: the paper is the voter's.

export function watchBallots(root) {
  root.addEventListener('change', (event) => {
    const ask = event.target.closest?.('.ask[data-most]')
    const place = ask?.querySelector('[data-chosen]')
    if (!place) return
    const chosen = ask.querySelectorAll('input:checked').length
    const left = Number(ask.dataset.most) - chosen
    place.classList.toggle('over', left < 0)
    place.textContent =
      left < 0
        ? place.dataset.over.replace('{n}', -left)
        : place.dataset.words.replace('{n}', chosen).replace('{m}', left)
  })
}
