import './styles/index.css'
import htmx from 'htmx.org'

window.htmx = htmx
