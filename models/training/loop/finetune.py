"""Train a checkpoint on with a person's own labels; what ``pixelsail finetune`` runs.

    python -m loop.finetune WORK --minutes 15

WORK holds dataset.json (COCO; absolute paths of photos; "split" train or dev) and start/ (an exported checkpoint). It
gets cache/, run/ (resumed from when present) and, when the minutes are over, checkpoint/. SIGTERM stops early and keeps
what is trained. Standard output says how far it is, a JSON object a line.
"""

import argparse
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import torch
from pycocotools import mask as coco_mask

from data.cache import PROJECT_SET, Photo, Region, write_labels
from data.mistakes import write_mistakes
from data.regions import photo_regions
from export.checkpoint import export
from loop import train
from loop.end_with_parent import end_with_parent
from loop.options import TrainOptions

LONGEST_SIDE = 1024
"""Photos are kept no larger than this: crops at object scale need no more, and pixels are kept raw."""

PEAK_LEARNING_RATE = 3e-4
"""Half of what training from random weights begins with."""

TOKENS_PER_GPU_BATCH = 8000

CLICKS = 400
"""On the person's objects, whose mistakes are learnt to be corrected; some ten seconds."""


def say(stage: str, **facts: object) -> None:
    print(json.dumps({"stage": stage, **facts}), flush=True)


def encoded(mask: np.ndarray) -> dict:
    rle = coco_mask.encode(np.asfortranarray(mask))
    return {"size": rle["size"], "counts": rle["counts"].decode()}


def shrunk(pixels: np.ndarray, annotations: list[dict]) -> tuple[np.ndarray, list[dict]]:
    """The photo and its masks with a long side of at most LONGEST_SIDE; objects that vanish by it are left out."""
    height, width = pixels.shape[:2]
    scale = LONGEST_SIDE / max(height, width)
    if scale >= 1:
        return pixels, annotations
    size = round(width * scale), round(height * scale)
    kept = []
    for annotation in annotations:
        mask = cv2.resize(coco_mask.decode(annotation["segmentation"]) * 255, size, interpolation=cv2.INTER_AREA) > 127
        if mask.any():
            rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
            x, y = int(columns[0]), int(rows[0])
            box = [x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y]
            kept.append({**annotation, "segmentation": encoded(mask.astype(np.uint8)), "bbox": box})
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), kept


def read_photo(entry: dict) -> np.ndarray | None:
    """(H, W, 3) RGB, turned upright; None, and said so, when it is not the photo that the masks were made for."""
    stored = cv2.imdecode(np.fromfile(entry["file_name"], np.uint8), cv2.IMREAD_COLOR)
    if stored is None:
        say("left out", what=entry["file_name"], reason="OpenCV cannot read it")
        return None
    height, width = stored.shape[:2]
    if (width, height) != (entry["width"], entry["height"]):
        reason = f"it is {width} x {height} pixels, but its masks are {entry['width']} x {entry['height']}"
        say("left out", what=entry["file_name"], reason=reason)
        return None
    return cv2.cvtColor(stored, cv2.COLOR_BGR2RGB)


def build_cache(dataset: Path, tokenizer: Path, out: Path) -> None:
    """The cache of ``data.py`` for one COCO file. It appears complete or not at all."""
    coco = json.loads(dataset.read_text())
    names = {c["id"]: c["name"] for c in coco["categories"]}
    of_image: dict[int, list[dict]] = {}
    for annotation in coco["annotations"]:
        of_image.setdefault(annotation["image_id"], []).append(annotation)
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    photos: list[Photo] = []
    regions: list[Region] = []
    offset = 0
    with (fresh / "photos.bin").open("wb") as pixels_file:
        for number, entry in enumerate(coco["images"], start=1):
            stored = read_photo(entry)
            if stored is not None:
                pixels, annotations = shrunk(stored, of_image.get(entry["id"], []))
                pixels_file.write(pixels.tobytes())
                regions += photo_regions(len(photos), pixels, annotations, names)
                photos.append(Photo(PROJECT_SET, entry["split"], offset, pixels.shape[1], pixels.shape[0], ""))
                offset += pixels.size
            say("photos", done=number, total=len(coco["images"]))
    index = {"photos": [asdict(p) for p in photos], "regions": [asdict(r) for r in regions]}
    (fresh / "index.json").write_text(json.dumps(index))
    write_labels(photos, regions, fresh / "labels.bin")
    shutil.copyfile(tokenizer, fresh / "tokenizer.json")
    fresh.rename(out)


def report(trainer: train.Trainer) -> None:
    clock = trainer.clock
    minutes, of = clock.spent / 60, clock.total / 60
    say("training", minutes=minutes, of=of, samples=trainer.samples, device=trainer.device.type)


def finetune(work: Path, minutes: float, ranks: int) -> None:
    start, cache, run = work / "start", work / "cache", work / "run"
    if not cache.exists():
        build_cache(work / "dataset.json", start / "tokenizer.json", cache)
    studio = json.loads((start / "config.json").read_text()).get("pixel_sail_studio", {})
    if studio.get("corrections") and not (cache / "mistakes.json").exists():
        write_mistakes(start, cache, CLICKS, seed=1)
    options = TrainOptions(
        cache,
        run,
        minutes=minutes,
        init=start,
        ranks=ranks,
        lr=PEAK_LEARNING_RATE,
        warmup=30,
        views_from=0.5,
        save_every=0.5,
    )
    if torch.cuda.is_available():
        options.tokens_per_batch = TOKENS_PER_GPU_BATCH
    train.run(options, report)
    export(run / "checkpoint.pt", work / "checkpoint", "float32")
    shutil.copyfile(start / "config.json", work / "checkpoint" / "config.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=15.0, help="training time in all, earlier sittings included")
    parser.add_argument("--ranks", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--end-with-parent", action="store_true", help="end when standard input is closed")
    arguments = parser.parse_args()
    if arguments.end_with_parent:
        end_with_parent()
    finetune(arguments.work, arguments.minutes, arguments.ranks)


if __name__ == "__main__":
    main()
