// The page of a draw: reckon it again on this device, and look for one's own ticket. Without JavaScript the list is there.
import { ask } from './secret.js'
import { announce } from './page.js'

export function watchDraw(root) {
  const place = root.querySelector('[data-draw]')
  if (!place) return
  const button = place.querySelector('button')
  const steps = place.querySelectorAll('[data-step]')
  const say = (name) => {
    for (const words of place.querySelectorAll('[data-said]')) words.hidden = words.dataset.said !== name
    announce(place.querySelector(`[data-said="${name}"]`)?.textContent)
  }
  button.addEventListener('click', async () => {
    button.setAttribute('aria-busy', 'true')
    try {
      const text = await (await fetch(place.dataset.draw)).text()
      const replay = await ask(place.dataset.worker, 'replayDraw', text, place.dataset.commitment)
      const held = Object.fromEntries(replay.steps)
      for (const step of steps) {
        step.hidden = false
        step.querySelector('[data-yes]').hidden = !held[step.dataset.step]
        step.querySelector('[data-no]').hidden = Boolean(held[step.dataset.step])
      }
      const shown = Array.from(root.querySelectorAll('[data-winner]'), (line) => line.dataset.winner)
      const same = shown.join() === replay.winners.join()
      say(same && replay.steps.every(([, holds]) => holds) ? 'sound' : 'unsound')
    } catch {
      say('offline')
    }
    button.removeAttribute('aria-busy')
  })
}
