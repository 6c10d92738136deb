#!/usr/bin/env python3
"""Makes the image files beside it: one picture in many forms, and forms that must be refused.
Written once (python3-pil); the tests read the files."""
import struct
import zlib
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, rows, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


grey = Image.new("L", (16, 12))
grey.putdata([row * 20 + column for row in range(12) for column in range(16)])
color = Image.merge("RGB", [grey, grey.point(lambda v: 255 - v), grey.point(lambda v: v // 2)])
grey.save(HERE / "grey.png")
grey.save(HERE / "grey.jpg", quality=95)
grey.save(HERE / "grey.bmp")
color.save(HERE / "color.png")
color.save(HERE / "color.jpg", quality=95, subsampling=0)
color.save(HERE / "color.bmp")
color.convert("CMYK").save(HERE / "cmyk.jpg", quality=95)
color.convert("RGBA").save(HERE / "alpha.png")
grey.save(HERE / "picture.gif")
levels = b"".join(b"\0" + b"".join(struct.pack(">H", (row * 20 + column) * 257)
                                   for column in range(16)) for row in range(12))
(HERE / "deep.png").write_bytes(png(16, 12, 16, levels))
(HERE / "huge.png").write_bytes(png(20000, 20000, 8, b""))
animated = chunk(b"acTL", struct.pack(">II", 2, 0))
rows = b"".join(b"\0" + bytes(row * 20 + column for column in range(16)) for row in range(12))
(HERE / "animated.png").write_bytes(png(16, 12, 8, rows, animated))
