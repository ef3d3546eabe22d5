"""The pages of the case line."""
