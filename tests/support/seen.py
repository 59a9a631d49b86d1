"""What is seen on somebody's screen, as pixels: for what is painted and stands nowhere else on the page."""

from __future__ import annotations

import io

from PIL import Image
from playwright.async_api import Page

Colour = tuple[int, int, int]


async def seen(page: Page, x: float, y: float, width: float, height: float) -> Image.Image:
    """A part of the window, in CSS pixels of a screen with one point each."""
    data = await page.screenshot(clip={"x": x, "y": y, "width": width, "height": height}, scale="css")
    return Image.open(io.BytesIO(data)).convert("RGB")


def unlike(image: Image.Image, ground: Colour, by: int = 60) -> int:
    """How many points of it differ from a ground, by so much in all."""
    points: list[Colour] = list(image.get_flattened_data())  # type: ignore[arg-type]
    return sum(sum(abs(a - b) for a, b in zip(point, ground, strict=True)) > by for point in points)
