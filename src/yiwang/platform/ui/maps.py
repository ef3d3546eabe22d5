"""The province as plain SVG paths, from the packaged boundaries. A sketch for statistics, not a map for the public."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from typing import Any

CITIES = Path(__file__).parent / "assets" / "jiangsu_cities.geojson"
WIDTH, HEIGHT = 500.0, 418.0
MARGIN = 6.0

# Where a label would cover its neighbour's or run over the edge, it steps aside (in units of the drawing).
NUDGES = {
    "320100": (-2, 4), "320200": (14, -10), "320400": (-10, 2), "320500": (6, 6),
    "320800": (4, 0), "321100": (0, -2), "321200": (-2, -22),
}  # fmt: skip

Ring = list[list[float]]


@dataclass(frozen=True)
class Area:
    """One city's outline in the drawing, and where its label stands."""

    code: str
    name: str
    path: str
    x: str
    y: str


@dataclass(frozen=True)
class Shade:
    """One area as the map shows it: ``tone`` is a class of the scale, ``text`` the figure below its name."""

    area: Area
    tone: str
    text: str
    link: str = ""
    is_selected: bool = False

    @property
    def short(self) -> str:
        return self.area.name.removesuffix("市")


def rings(geometry: Mapping[str, Any]) -> list[Ring]:
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for shape in shapes for ring in shape]


@cache
def cities() -> dict[str, Area]:
    """Every prefecture by its division code, drawn once per process."""
    features = json.loads(CITIES.read_text(encoding="utf-8"))["features"]
    points = [point for feature in features for ring in rings(feature["geometry"]) for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    scale = min((WIDTH - 2 * MARGIN) / ((east - west) * squeeze), (HEIGHT - 2 * MARGIN) / (north - south))

    def place(point: Sequence[float]) -> tuple[float, float]:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    found = {}
    for feature in features:
        outlines = [[place(point) for point in ring] for ring in rings(feature["geometry"])]
        path = "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in outline)}Z" for outline in outlines)
        x, y = centre(max(outlines, key=len))
        code = str(feature["properties"]["code"])
        aside, down = NUDGES.get(code, (0, 0))
        name = str(feature["properties"]["name"])
        found[code] = Area(code, name, path, f"{x + aside:.1f}", f"{y + down:.1f}")
    return found


def centre(outline: list[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity of an outline."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return x / (3 * area), y / (3 * area)
