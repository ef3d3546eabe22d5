// A page that cannot be fetched is answered from the pocket: what is kept, and the number that needs no network.

export function keepOfflinePage() {
  if (!('serviceWorker' in navigator) || !isSecureContext) return
  addEventListener('load', () => navigator.serviceWorker.register('/ui/worker.js', { scope: '/' }).catch(() => {}))
}
