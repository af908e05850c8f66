"""Reads a file as its label says, with a reader that is none of nightfeed: read-labelled.py FILE DELIMITER ENCODING HEADER."""
import csv, gzip, json, sys

path, delimiter, encoding, header = sys.argv[1:]
csv.field_size_limit(10**7)
with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
    text = file.read().decode('utf-8-sig' if encoding == 'utf-8' else encoding)
lines = text.splitlines(keepends=True)
if any(line.startswith('# ') for line in lines[:3]):
    lines = [line for line in lines if not line.startswith('#')]
rows = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
json.dump(rows[1:] if header == 'yes' else rows, sys.stdout)
