// <button data-place>: where this phone is, once, because its holder pressed the button; never by itself.
export function watchPlace(root) {
  const button = root.querySelector('[data-place]')
  if (!button || !('geolocation' in navigator)) return
  const form = button.closest('form')
  const say = (words) => (button.querySelector('span').textContent = words)
  button.hidden = false
  button.addEventListener('click', () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.longitude.value = coords.longitude.toFixed(6)
        form.elements.latitude.value = coords.latitude.toFixed(6)
        say(button.dataset.placeDone)
        form.dispatchEvent(new Event('input'))
      },
      () => say(button.dataset.placeFailed),
      { timeout: 15000, maximumAge: 60000 },
    ),
  )
}
