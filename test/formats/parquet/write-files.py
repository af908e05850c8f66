"""Writes Parquet files as vendors' programs write them, into the folder that is named. files/ holds some of them."""

import datetime as dt
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]


def write(name, columns, **options):
    pq.write_table(pa.table(columns), f"{folder}/{name}.parquet", **options)


NAMES = ["one", None, 'a, b; "c" \\ d', "two\nlines", " blanks ", "größe €𝄞", ""]
rows = {"id": pa.array(range(1, 8), pa.int64()), "name": pa.array(NAMES)}
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    for version in ["1.0", "2.0"]:
        name = f"{codec}-{version}"
        write(name, rows, compression=codec, data_page_version=version, write_page_checksum=True)
write("summed", rows, row_group_size=3, compression="snappy", write_page_checksum=True, store_schema=False)
write("plain", rows, use_dictionary=False, compression="none", write_statistics=False)
write("delta", rows, use_dictionary=False, column_encoding={"id": "DELTA_BINARY_PACKED", "name": "DELTA_BYTE_ARRAY"})
write("small-pages", {"id": pa.array(range(100_000))}, data_page_size=100, row_group_size=30_000)
write("no-rows", {"id": pa.array([], pa.int64()), "name": pa.array([], pa.string())})

moment = dt.datetime(2024, 1, 2, 3, 4, 5, 678901)
types = {
    "i8": pa.array([1, -128], pa.int8()),
    "u8": pa.array([1, 255], pa.uint8()),
    "u32": pa.array([1, 2**32 - 1], pa.uint32()),
    "i64": pa.array([1, 2**63 - 1], pa.int64()),
    "u64": pa.array([1, 2**64 - 1], pa.uint64()),
    "f32": pa.array([0.1, float("nan")], pa.float32()),
    "f64": pa.array([5e-324, 1e22]),
    "whole": pa.array([7.0, 7.5]),
    "d9": pa.array([Decimal("1.50"), Decimal("-0.01")], pa.decimal128(9, 2)),
    "d38": pa.array([Decimal("12345678901234567890123456789012345.678"), None], pa.decimal128(38, 3)),
    "d50": pa.array([Decimal("1.5"), None], pa.decimal256(50, 1)),
    "day": pa.array([dt.date(2024, 1, 2), dt.date(1, 1, 1)]),
    "ms": pa.array([moment, moment], pa.timestamp("ms")),
    "us": pa.array([moment, moment], pa.timestamp("us")),
    "ns": pa.array([1704164645678901234, 1704164645678901000], pa.timestamp("ns")),
    "utc": pa.array([moment, moment], pa.timestamp("us", "UTC")),
    "utc_ns": pa.array([1704164645678901234, 1704164645678901000], pa.timestamp("ns", "UTC")),
    "clock": pa.array([dt.time(1, 2, 3, 4), None], pa.time64("us")),
    "clock_ns": pa.array([1, 2], pa.time64("ns")),
    "text": pa.array(["x", "y"]),
    "coded": pa.array(["x", "y"]).dictionary_encode(),
    "bytes": pa.array([b"x", b"y"]),
    "sixteen": pa.array([b"0123456789abcdef"] * 2, pa.binary(16)),
    "yes": pa.array([True, None]),
    "list": pa.array([[1, 2], None]),
    "struct": pa.array(
        [{"city": "x", "n": Decimal("1.10"), "tags": ["a", "b"]}, None],
        pa.struct([("city", pa.string()), ("n", pa.decimal128(9, 2)), ("tags", pa.list_(pa.string()))]),
    ),
    "map": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())),
    "big": pa.array([[2**64 - 1], []], pa.list_(pa.uint64())),
    "list_ns": pa.array([[1], []], pa.list_(pa.timestamp("ns", "UTC"))),
    "nothing": pa.array([None, None], pa.null()),
}
write("types", types, store_schema=False)

old = {
    "id": pa.array([1, 2, 3], pa.int64()),
    "at": pa.array([dt.datetime(9999, 12, 31, 1, 2, 3, 4), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999999)]),
}
write("int96", old, use_deprecated_int96_timestamps=True, store_schema=False)
fine = {"id": pa.array([1, 2], pa.int64()), "at": pa.array([1704164645678901234, -1], pa.timestamp("ns"))}
write("int96-ns", fine, use_deprecated_int96_timestamps=True, store_schema=False)
