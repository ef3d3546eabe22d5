// Everything here enlivens pages that already work as plain links and forms.
import './styles/index.css'
import htmx from 'htmx.org'
import { watchBallots } from './modules/ballot.js'
import { watchCodes } from './modules/codes.js'
import { watchDraw } from './modules/draw.js'
import { watchForget, watchHolder } from './modules/holder.js'
import { watchVote } from './modules/vote.js'
import { watchBulk } from './modules/bulk.js'
import { watchDialogs } from './modules/dialog.js'
import { watchDrafts } from './modules/autosave.js'
import { focusErrors } from './modules/errors.js'
import { watchFiles } from './modules/files.js'
import { watchInputs } from './modules/inputs.js'
import { watchKeys } from './modules/keys.js'
import { watchKept } from './modules/keeping.js'
import { watchLive } from './modules/live.js'
import { watchMenus } from './modules/menus.js'
import { watchPickers } from './modules/orgpick.js'
import { watchFolding } from './modules/folding.js'
import { watchForms } from './modules/forms.js'
import { watchPlace } from './modules/place.js'
import { watchPreview } from './modules/preview.js'
import { keepOfflinePage } from './modules/offline.js'

// The page's policy allows no inline style and no eval; a swapped page is never kept in the browser's storage.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
})
window.htmx = htmx
document.documentElement.classList.add('js')

const watchers = [
  watchBallots,
  watchBulk,
  watchCodes,
  watchDialogs,
  watchDrafts,
  watchDraw,
  watchFiles,
  watchFolding,
  watchForms,
  watchForget,
  watchHolder,
  watchInputs,
  watchKept,
  watchKeys,
  watchLive,
  watchMenus,
  watchPickers,
  watchPlace,
  watchPreview,
  watchVote,
]
for (const watch of watchers) watch(document)

keepOfflinePage()
focusErrors(document)
document.addEventListener('htmx:afterSwap', (event) => focusErrors(event.detail.elt))
