"""Windows of photos, as the model is shown them."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class View:
    """A window of a photo, scaled to a size, perhaps mirrored."""

    photo: int
    window: tuple[int, int, int, int]
    size: tuple[int, int]
    flipped: bool

    def cut(self, picture: np.ndarray) -> np.ndarray:
        x0, y0, x1, y1 = self.window
        part = picture[y0:y1, x0:x1]
        return part[:, ::-1] if self.flipped else part

    def place(self, point: tuple[int, int]) -> tuple[int, int]:
        """Where a pixel (x, y) of the photo, inside the window, is seen."""
        (x0, y0, x1, y1), (width, height) = self.window, self.size
        column = min(int((point[0] + 0.5 - x0) * width / (x1 - x0)), width - 1)
        row = min(int((point[1] + 0.5 - y0) * height / (y1 - y0)), height - 1)
        return (width - 1 - column if self.flipped else column), row

    def origin(self, point: tuple[int, int]) -> tuple[int, int]:
        """The pixel (x, y) of the photo that is seen at a pixel of the view."""
        (x0, y0, x1, y1), (width, height) = self.window, self.size
        column = width - 1 - point[0] if self.flipped else point[0]
        return x0 + int((column + 0.5) * (x1 - x0) / width), y0 + int((point[1] + 0.5) * (y1 - y0) / height)

    def mask(self, mask: np.ndarray) -> np.ndarray:
        """(H, W) uint8 of zeros and ones at the view's size."""
        scaled = cv2.resize(np.ascontiguousarray(self.cut(mask)) * 255, self.size, interpolation=cv2.INTER_LINEAR)
        return (scaled > 127).astype(np.uint8)

    def target(self, mask: np.ndarray, stride: int) -> np.ndarray:
        """(H / stride, W / stride) uint8: the share of each cell that the mask covers, times 255."""
        width, height = self.size[0] // stride, self.size[1] // stride
        part = np.ascontiguousarray(self.cut(mask)) * 255
        shrinks = part.shape[0] >= height and part.shape[1] >= width
        return cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def crop_window(
    bbox: tuple[int, int, int, int], photo: tuple[int, int], margins: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    """bbox (x, y, w, h) grown on (left, top, right, bottom) by margin x its long side, inside photo (width, height)."""
    x, y, w, h = bbox
    long = max(w, h)
    left, top, right, bottom = (margin * long for margin in margins)
    window = round(x - left), round(y - top), round(x + w + right), round(y + h + bottom)
    return max(window[0], 0), max(window[1], 0), min(window[2], photo[0]), min(window[3], photo[1])


def lone_pixel(drawn: np.ndarray) -> tuple[int, int] | None:
    """(x, y) of the only set pixel; None where there are more."""
    rows, columns = drawn.nonzero()
    return (int(columns[0]), int(rows[0])) if len(rows) == 1 else None


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """IoU of two masks of zeros and ones, not both empty."""
    return float((a & b).sum() / (a | b).sum())
