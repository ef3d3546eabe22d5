// The worker: everything heavy and everything secret happens here, the page stays responsive.
import { makeBallot } from './voting.js'
import { makeCodes } from './codes.js'
import { makeReceipt } from './receipt.js'
import { replayDraw } from './draw.js'
import { decrypt, makeKey } from './trustees.js'
import { makeCertificate, makePolynomial, makeSeed, makeVoutput, openKey } from './pedersen.js'

const TASKS = {
  makeBallot,
  makeCodes,
  makeReceipt,
  makeKey,
  decrypt,
  makeSeed,
  makeCertificate,
  makePolynomial,
  makeVoutput,
  openKey,
  replayDraw,
}

self.addEventListener('message', ({ data: { number, task, given } }) => {
  try {
    self.postMessage({ number, result: TASKS[task](...given) })
  } catch (trouble) {
    self.postMessage({ number, trouble: trouble.message })
  }
})
