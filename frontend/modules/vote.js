// The voting page: read it once more, then cast. Encrypted here; the ballot goes to the box without cookies.
import { ask } from './secret.js'
import { announce } from './page.js'

const CHECKED = [15, 60]
const SVG = 'http://www.w3.org/2000/svg'

function weave(svg, cloth) {
  const rect = (x, y, width, height, thread) => {
    const one = document.createElementNS(SVG, 'rect')
    Object.entries({ x, y, width, height, class: thread }).forEach(([name, value]) => one.setAttribute(name, value))
    return one
  }
  cloth.forEach((line, row) =>
    line.forEach((over, column) => {
      const warp = rect(column * 10 + 1.4, row * 10, 7.2, 10, 'warp')
      const weft = rect(column * 10, row * 10 + 1.4, 10, 7.2, 'weft')
      svg.append(...(over ? [weft, warp] : [warp, weft]))
    }),
  )
}

// For each question the ticks in the order of the protocol: the blank option first, where there is one.
function choicesOf(form) {
  return [...form.querySelectorAll('.ask')].map((ask) =>
    [...ask.querySelectorAll('input')]
      .sort((a, b) => Number(a.value) - Number(b.value))
      .map((input) => Number(input.checked)),
  )
}

function isValid(ask) {
  const boxes = [...ask.querySelectorAll('input')]
  const chosen = boxes.filter((box) => box.checked)
  const blank = chosen.some((box) => box.dataset.blank !== undefined)
  return chosen.length > 0 && (blank ? chosen.length === 1 : chosen.length <= Number(ask.dataset.most))
}

class Vote {
  constructor(form) {
    this.form = form
    this.made = null
    this.parts = Object.fromEntries([...form.querySelectorAll('[data-step]')].map((part) => [part.dataset.step, part]))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.read()
    })
    form.querySelector('[data-back]').addEventListener('click', () => this.show('paper'))
    form.querySelector('[data-cast]').addEventListener('click', () => this.cast())
    form.querySelector('[data-print]').addEventListener('click', () => window.print())
    form.addEventListener('input', () => (this.made = null))
  }

  show(name) {
    for (const [step, part] of Object.entries(this.parts)) part.hidden = step !== name
    const bar = document.querySelector('.yw-cta')
    if (bar) bar.hidden = name !== 'paper'
    const head = this.parts[name].querySelector('h1, h2')
    head?.setAttribute('tabindex', '-1')
    head?.focus()
    window.scrollTo(0, 0)
  }

  say(name, n = '') {
    const told = this.form.querySelector('[data-told]')
    told.hidden = !name
    told.querySelector('span').textContent = name ? (this.form.dataset[name] ?? this.form.dataset.refused).replace('{n}', n) : ''
    if (name) {
      announce(told.textContent)
      told.scrollIntoView({ block: 'center' })
    }
  }

  read() {
    this.say('')
    const asks = [...this.form.querySelectorAll('.ask')]
    const wrong = asks.find((ask) => !isValid(ask))
    if (wrong) {
      this.say('unfinished', asks.indexOf(wrong) + 1)
      wrong.querySelector('input').focus()
      return
    }
    if (!this.form.elements.code.value.trim()) {
      this.say('nocode')
      this.form.elements.code.focus()
      return
    }
    const list = this.form.querySelector('[data-review]')
    list.replaceChildren(
      ...asks.flatMap((ask) => {
        const [title, chosen] = [document.createElement('dt'), document.createElement('dd')]
        title.className = 'sub'
        title.textContent = ask.querySelector('legend').textContent
        chosen.className = 'b mb3'
        chosen.textContent = [...ask.querySelectorAll('input:checked')]
          .map((box) => box.closest('.opt').querySelector('b').textContent)
          .join('、')
        return [title, chosen]
      }),
    )
    this.show('review')
  }

  async cast() {
    this.say('')
    const button = this.form.querySelector('[data-cast]')
    button.disabled = true
    try {
      // The same ballot again is the same ballot: after a broken line it is sent anew, never made anew.
      this.made ??= await this.make()
      const answer = await fetch(this.form.dataset.box, { method: 'POST', body: this.made.ballot, credentials: 'omit' })
      const said = await answer.json()
      if (answer.ok) await this.receipt(said.tracking)
      else this.refuse(said.message)
    } catch (trouble) {
      this.say(trouble.message === 'mistyped_code' ? 'mistyped' : 'offline')
      if (trouble.message === 'mistyped_code') this.show('paper')
    }
    button.disabled = false
  }

  refuse(message) {
    this.form.dataset.refused = message
    this.say('refused')
    this.made = null
  }

  async make() {
    const election = await fetch(this.form.dataset.election, { credentials: 'omit' })
    const raw = await election.text()
    return ask(this.form.dataset.worker, 'makeBallot', raw, this.form.elements.code.value, choicesOf(this.form))
  }

  async receipt(tracking) {
    const { code, cloth } = await ask(this.form.dataset.worker, 'makeReceipt', tracking)
    const part = this.parts.receipt
    part.querySelector('[data-code]').textContent = code
    part.querySelector('[data-tracking]').textContent = tracking
    const svg = part.querySelector('[data-weave]')
    svg.replaceChildren()
    weave(svg, cloth)
    this.form.reset()
    this.made = null
    this.show('receipt')
    CHECKED.forEach((seconds) => setTimeout(() => this.check(tracking), seconds * 1000))
  }

  // The proofs are judged a moment after the ballot was taken: one that does not hold is told here, too.
  async check(tracking) {
    const name = [...atob(tracking)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
    const answer = await fetch(`${this.form.dataset.box}${name}/`, { credentials: 'omit' }).catch(() => null)
    const found = answer?.ok ? await answer.json() : {}
    if (found.place !== 'refused' || this.refused === tracking) return
    this.refused = tracking
    this.show('paper')
    this.refuse(found.message)
  }
}

export function watchVote(root) {
  const form = root.querySelector('form[data-vote]')
  if (form) new Vote(form)
}
