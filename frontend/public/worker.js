// Kept on the phone: one page for when there is no network. Nothing else is cached, and no request is altered.
const PAGE = '/ui/offline/'
const BOX = 'yw-offline-1'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BOX).then((box) => box.addAll([PAGE, '/static/yw/yw.css'])))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.mode === 'navigate' && request.method === 'GET')
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)))
  else if (request.url.includes('/static/yw/yw.css'))
    event.respondWith(fetch(request).catch(() => caches.match('/static/yw/yw.css')))
})
