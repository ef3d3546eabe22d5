"""QR codes drawn into the page: no file, no script, no style; one path for all dark squares."""

from django.utils.html import format_html
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

BORDER = 2


def drawn(text: str, label: str, css: str = "qr") -> str:
    """An SVG that ``label`` names; medium error correction, so that a scratched poster still reads."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return format_html(
        '<svg class="{}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img" aria-label="{}">'
        '<path d="{}"/></svg>',
        css,
        label,
        path,
        size=len(rows),
    )
