"""The woven pattern of a receipt: one code, one cloth; eyes compare cloth better than letters."""

import hashlib

THREADS = 10
CELL = 10.0
GAP = 1.4


def over_under(code: str) -> list[list[bool]]:
    """For each crossing, whether the warp (light, upright) lies over the weft (dark, level)."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    bits = int.from_bytes(hashlib.sha256(plain.encode()).digest(), "big")
    return [[bool(bits >> (row * THREADS + column) & 1) for column in range(THREADS)] for row in range(THREADS)]


def cloth(code: str) -> list[tuple[str, str, str, str, str]]:
    """Rectangles to draw in order, as (x, y, width, height, thread); the later lie on top. The view is 100 by 100."""
    rectangles = []
    for row, line in enumerate(over_under(code)):
        for column, is_warp_over in enumerate(line):
            x, y = column * CELL, row * CELL
            warp = (f"{x + GAP:g}", f"{y:g}", f"{CELL - 2 * GAP:g}", f"{CELL:g}", "warp")
            weft = (f"{x:g}", f"{y + GAP:g}", f"{CELL:g}", f"{CELL - 2 * GAP:g}", "weft")
            rectangles += [weft, warp] if is_warp_over else [warp, weft]
    return rectangles
