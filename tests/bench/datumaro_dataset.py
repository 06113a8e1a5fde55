"""Reads a dataset with datumaro and writes it, without photos: datumaro_dataset.py SOURCE FORMAT TARGET FORMAT. Prints one
line of JSON, what each of both took; the import of the library is not counted, its memory is."""

import json
import resource
import sys
import time

import datumaro

source, source_format, target, target_format = sys.argv[1:]


def timed(work):
    started, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, {
        "ms": 1000 * (time.perf_counter() - started),
        "processorMs": 1000 * (time.process_time() - processor),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def read():
    dataset = datumaro.Dataset.import_from(source, source_format)
    dataset.init_cache()
    return dataset


dataset, reading = timed(read)
_, writing = timed(lambda: dataset.export(target, target_format, save_media=False))
print(json.dumps({"images": len(dataset), "read": reading, "write": writing}))
