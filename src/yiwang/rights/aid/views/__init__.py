"""Pages of household files: at the desk, on the officer's phone, and the worker's own."""
