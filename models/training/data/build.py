"""The photo sets, decoded once into the cache that training reads:

    python -m data.build ../../../shared/data CACHE_DIR

CACHE_DIR gets photos.bin, labels.bin and index.json (see ``data.cache``) and tokenizer.json.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import cv2

from data.cache import MASK_SETS, NAMED_SETS, WORDLESS_SETS, Photo, Region, write_labels
from data.regions import photo_regions
from network.tokenizer import train_tokenizer
from sampling.templates import every_wording

BPE_ENTRIES = 3584


def photo_words(entry: dict) -> str:
    return str(entry.get("category") or entry.get("title") or "").replace("_", " ").lower()


def build_cache(data: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    photos: list[Photo] = []
    regions: list[Region] = []
    offset = 0
    with (out / "photos.bin").open("wb") as pixels_file:
        for set_name in (*MASK_SETS, *NAMED_SETS):
            coco = json.loads((data / f"{set_name}.json").read_text())
            names = {c["id"]: "" if set_name in WORDLESS_SETS else c["name"] for c in coco["categories"]}
            of_image: dict[int, list[dict]] = {}
            for annotation in coco["annotations"]:
                of_image.setdefault(annotation["image_id"], []).append(annotation)
            for entry in coco["images"]:
                pixels = cv2.cvtColor(cv2.imread(str(data / entry["file_name"])), cv2.COLOR_BGR2RGB)
                height, width = pixels.shape[:2]
                pixels_file.write(pixels.tobytes())
                annotations = of_image.get(entry["id"], [])
                regions += photo_regions(len(photos), pixels, annotations, names)
                photos.append(Photo(set_name, entry["split"], offset, width, height, photo_words(entry)))
                offset += pixels.size
            print(f"{set_name}: {len(photos)} photos, {len(regions)} regions so far", flush=True)
    index = {"photos": [asdict(p) for p in photos], "regions": [asdict(r) for r in regions]}
    (out / "index.json").write_text(json.dumps(index))
    write_labels(photos, regions, out / "labels.bin")
    train_tokenizer(vocabulary_texts(data, photos, regions), BPE_ENTRIES).save(str(out / "tokenizer.json"))


def vocabulary_texts(data: Path, photos: list[Photo], regions: list[Region]) -> Iterator[str]:
    """Words for the tokenizer: captions, referring expressions, our own wordings, names and titles of train photos."""
    with gzip.open(data / "text" / "flickr8k_captions.txt.gz", "rt") as captions:
        yield from (line.split("\t", 1)[1].strip() for line in captions if "\t" in line)
    with gzip.open(data / "text" / "referit_train.jsonl.gz", "rt") as expressions:
        yield from (json.loads(line)["text"] for line in expressions)
    yield from (p.words for p in photos if p.split == "train")
    for category in sorted({r.category for r in regions} - {""}):
        yield from every_wording(category)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("cache", type=Path)
    arguments = parser.parse_args()
    build_cache(arguments.data, arguments.cache)


if __name__ == "__main__":
    main()
