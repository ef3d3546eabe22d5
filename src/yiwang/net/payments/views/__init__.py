"""Pages about money: at the desk, and what a worker sees of their own."""
