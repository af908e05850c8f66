"""Packs random data with bz2 and lzma, and prints what it packed: a line of JSON each."""

import base64
import bz2
import json
import lzma
import random
import sys

random.seed(7)

CHECKS = [lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256]


def plain():
    size = random.choice([0, 1, 100, 3000, 70_000, 300_000])
    kind = random.choice(["noise", "text", "runs", "repeats"])
    if kind == "noise":
        return random.randbytes(size)
    if kind == "text":
        rows = (f"{n},item {random.randint(1, 50)},{random.random():.2f}\n" for n in range(size // 20 + 1))
        return "".join(rows).encode()[:size]
    if kind == "runs":
        return b"".join(bytes([random.choice(b"ab\xff")]) * random.choice([1, 3, 4, 5, 255, 260, 5000]) for _ in range(size // 500 + 1))[:size]
    part = random.randbytes(random.choice([1, 2, 3, 17, 1000]))
    return (part * (size // len(part) + 1))[:size]


def with_xz(data):
    filters = [
        {
            "id": lzma.FILTER_LZMA2,
            "preset": random.choice([0, 1, 4, 6]),
            "dict_size": random.choice([4096, 1 << 16, 1 << 20, 1 << 23]),
            "lc": (lc := random.choice([0, 3, 4])),
            "lp": random.choice([0, 4 - lc]),
            "pb": random.choice([0, 2, 4]),
        }
    ]
    return lzma.compress(data, check=random.choice(CHECKS), filters=filters)


def with_bzip2(data):
    return bz2.compress(data, random.choice([1, 5, 9]))


for number in range(int(sys.argv[1])):
    name, pack = random.choice([("t.bz2", with_bzip2), ("t.xz", with_xz)])
    parts = [plain() for _ in range(random.choice([1, 1, 2, 3]))]
    packed = b"".join(pack(part) for part in parts)
    whole = b"".join(parts)
    print(
        json.dumps(
            {
                "about": f"{number}: {name} of {len(whole)} bytes in {len(parts)} streams",
                "name": name,
                "plain": base64.b64encode(whole).decode(),
                "packed": base64.b64encode(packed).decode(),
            }
        )
    )
