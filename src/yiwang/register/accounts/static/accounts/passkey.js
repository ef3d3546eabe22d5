// allauth only writes failures of passkeys to the console; people read the page.
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const note = document.getElementById('passkey_error')
  if (note) {
    note.hidden = false
    note.setAttribute('role', 'alert')
  }
})
