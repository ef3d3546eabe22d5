"""The check-in code as a drawing: one path for all dark squares."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


@dataclass(frozen=True)
class Drawn:
    """A square of ``size`` modules and the path of the dark ones."""

    size: int
    path: str


def qr_path(text: str) -> Drawn:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Drawn(len(rows), path)
