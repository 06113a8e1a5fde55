"""Times pycocotools (and OpenCV's contours) on a mask. The first line of stdin is the mask as RLE in JSON, each further
one names an operation; each is answered by a line with milliseconds."""

import json
import sys
import time

import cv2
import numpy as np
from pycocotools import mask as coco

rle = json.loads(sys.stdin.readline())
bitmap = coco.decode(rle)
row_major = np.ascontiguousarray(bitmap)
print(0, flush=True)

OPERATIONS = {
    # Column by column, as pycocotools likes its pixels; turning them from rows is not counted.
    "encode": lambda: coco.encode(bitmap),
    "decode": lambda: coco.decode(rle),
    "trace": lambda: cv2.findContours(row_major, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE),
}

for line in sys.stdin:
    start = time.perf_counter()
    OPERATIONS[line.strip()]()
    print(1000 * (time.perf_counter() - start), flush=True)
