#!/usr/bin/env python3
"""Writes scikit-learn's handwritten digits (1797 images of 8x8 pixels, ten classes) as a folder of
PNG files, one sub-folder a class: a second set of images to design with.

    python3 digits.py FOLDER
"""

import struct
import sys
import zlib
from pathlib import Path

from sklearn.datasets import load_digits


def chunk(name, content):
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(image):
    """8-bit grey; a digit's levels go from 0 to 16."""
    rows = b"".join(b"\0" + bytes(min(255, int(16 * v)) for v in row) for row in image)
    size = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def main():
    digits = load_digits()
    for k, (image, label) in enumerate(zip(digits.images, digits.target)):
        folder = Path(sys.argv[1]) / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{k:04}.png").write_bytes(png(image))


main()
