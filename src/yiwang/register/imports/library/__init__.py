"""Reading member spreadsheets: bytes to cells, cells to values, with words for what is wrong. No database here."""
