import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { FileStart, otherKind, setFormat } from '../../../lib/core/infer/other-kind.ts';

const declarable = ['csv', 'fixed-width', 'ndjson', 'json', 'sql', 'parquet'] as const;

/** Each with the type that reads it. */
const files: readonly (readonly [name: string, type: string, bytes: string, way: string])[] = [
  ['commas', 'csv', 'id,name\n1,one\n2,two\n', '`format: {type: csv}`'],
  ['semicolons', 'csv', 'id;name\n1;one\n2;two\n', '`format: {type: csv, delimiter: ";"}`'],
  ['fixed places', 'fixed-width', '1   one  \n2   two  \n3   three\n', '`format: {type: fixed-width, fields: …}`'],
  ['lines of JSON', 'ndjson', '{"id":1}\n{"id":2}\n', '`format: {type: ndjson}`'],
  ['an array of JSON', 'json', '[{"id":1},\n{"id":2}]\n', '`format: {type: json}`'],
  ['an object of JSON with a list', 'json', '{"data":[{"id":1}]}\n', '`format: {type: json}`, with `records`'],
  ['JSON over several lines', 'json', '{\n "data": [\n]}\n', '`format: {type: json}`'],
  ['a dump of MySQL', 'sql', '-- MySQL dump 10.13\n--\n', '`format: {type: sql}`'],
  ['a dump of PostgreSQL', 'sql', '--\n-- PostgreSQL database dump\n--\n', '`format: {type: sql}`'],
  ['INSERT', 'sql', "INSERT INTO t VALUES (1,'one');\n", '`format: {type: sql}`'],
  ['Parquet', 'parquet', 'PAR1\x15\x04\x15', '`format: {type: parquet}`'],
  ['gzip', '', gzipSync('id\n1\n').toString('latin1'), 'it is unpacked where the name ends in `.gz`'],
  ['ZIP', '', 'PK\x03\x04\x14\0', 'it is unpacked where the name ends in `.zip`'],
  ['7z', '', '7z\xbc\xaf\x27\x1c\0\x04', 'a 7z archive; the feed says'],
  ['Avro', '', 'Obj\x01\x04\x14avro.codec', 'Avro; the feed says'],
  ['PGP', '', '-----BEGIN PGP MESSAGE-----\n\n', 'a message of PGP; the feed says'],
  ['XML', '', '<?xml version="1.0"?>\n<rows/>\n', 'XML or an HTML page; the feed says'],
  ['HTML', '', '<!DOCTYPE html>\n<html>503</html>\n', 'XML or an HTML page; the feed says'],
];

const refusal = new NightfeedError('HEADER_MISMATCH', 'no column');

describe.each(declarable)('where the feed says %s', (declared) => {
  test.each(files.filter(([, type]) => type !== declared))('%s are told', (_name, _type, bytes, way) => {
    const found = explained(bytes, declared, refusal) as NightfeedError;
    expect(found).toMatchObject({ name: 'HEADER_MISMATCH', message: 'no column' });
    expect(found.hint).toContain(way);
    expect(found.hint).toContain(`the feed says ${declared}`);
    expect(found.hint).toMatch(new RegExp(`or ask the vendor for ${declared}\\.$`));
  });

  test.each(files.filter(([, type]) => type === declared))('%s have another fault', (_name, _type, bytes) => {
    expect(explained(bytes, declared, refusal)).toBe(refusal);
  });
});

test.each([
  ['a header in brackets', '[id],[name]\n[1],[one]\n'],
  ['one column', 'id\n1\n2\n'],
  ['nothing', ''],
])('%s is of no other kind', (_name, bytes) => {
  expect(explained(bytes, 'json', refusal)).not.toMatchObject({ hint: expect.stringContaining('JSON') });
});

test('a format that saw more of the file says what reads it', () => {
  const found = otherKind('x', { name: 'delimited text', way: setFormat('{delimiter: ";"}') }, 'fixed-width');
  expect(found.hint).toContain('delimited text; the feed says fixed-width: set `format: {delimiter: ";"}`');
  expect(explained('1;2,5\n2;3,5\n', 'fixed-width', found)).toBe(found);
  const unsaid = new NightfeedError('BAD_MAGIC', 'x');
  expect(explained('1;2,5\n2;3,5\n', 'fixed-width', unsaid)).toMatchObject({ hint: expect.stringContaining('csv') });
});

test('what is no refusal is left as it is, such as a connection that broke', () => {
  const broken = new NightfeedError('SOURCE_UNREACHABLE', 'gone');
  expect(explained('PAR1\x15', 'csv', broken)).toBe(broken);
});

function explained(bytes: string, declared: string, thrown: unknown): unknown {
  const start = new FileStart();
  for (const byte of Buffer.from(bytes, 'latin1')) start.see(Buffer.from([byte]));
  return start.explained(thrown, declared);
}
