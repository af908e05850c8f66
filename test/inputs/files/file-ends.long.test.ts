import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accepted, held, noted, refused, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { zip } from '../../support/vendors/zip.ts';
import { changed, columns, header, lines, row3, subject, testFiles, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('what is no delivery', () => {
  testFiles(() => lab, subject(), [
    ['0 bytes', '', refused('EMPTY_FILE')],
    ['header only', `${header}\n`, held('ROWCOUNT_DROP')],
    ['header without its end, no rows', header, held('ROWCOUNT_DROP')],
    ['one data row only', text(lines.slice(0, 1)), held('ROWCOUNT_DROP')],
    ['an HTML error page', '<!DOCTYPE html>\n<html><body>503</body></html>\n', refused('HEADER_MISMATCH')],
    ['zip bytes named .csv', zip([{ name: 't.csv', bytes: text() }]), refused('BAD_MAGIC')],
    ['gzip bytes named .csv', gzipSync(text()), refused('BAD_MAGIC')],
    ['zstd bytes named .csv', zstdCompressSync(text()), refused('BAD_MAGIC')],
    ['a third of the rows is missing', text(changed.slice(0, 13)), held('ROWCOUNT_DROP')],
  ]);
});

describe('cut files', () => {
  const body = text(changed);
  testFiles(() => lab, subject(), [
    ['mid-row', body.slice(0, -5), refused('NO_FINAL_NEWLINE')],
    ['inside the last field, all fields present', body.slice(0, -2), refused('NO_FINAL_NEWLINE')],
    ['just the last line end', body.slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ['at a record border: far fewer rows', text(changed.slice(0, 10)), held('ROWCOUNT_DROP')],
    ['a second line end at the end', `${body}\n`, accepted(row3)],
    ['blank lines at the end', `${body}\n\n\n`, accepted(row3)],
    [
      'blank lines in the middle',
      text([...changed.slice(0, 7), '', '', ...changed.slice(7)]),
      noted('blank lines between records', row3),
    ],
  ]);
});

describe('an end mark (^Z)', () => {
  const body = text(changed);
  testFiles(() => lab, subject(), [
    ['at the end', `${body}\x1a`, noted('end mark', row3)],
    ['with a line end', `${body}\x1a\n`, noted('end mark', row3)],
    ['behind CRLF', `${body.replaceAll('\n', '\r\n')}\x1a\r\n`, noted('end mark', row3)],
    ['behind a cut record', `${body.slice(0, -3)}\x1a`, refused('NO_FINAL_NEWLINE')],
    ['twice', `${body}\x1a\x1a`, refused('NO_FINAL_NEWLINE')],
    ['alone', '\x1a', refused('EMPTY_FILE')],
  ]);
  testFiles(() => lab, subject({ encoding: 'utf-16' }, Buffer.from(`\ufeff${text()}`, 'utf16le')), [
    ['in UTF-16', Buffer.from(`\ufeff${body}\x1a`, 'utf16le'), noted('end mark', row3)],
  ]);
});

describe('trailer record', () => {
  const trailer = (body: readonly string[], last: string) => text([...body, last]);
  const counted = subject({ trailer: 'TRL,{rows}' }, trailer(lines, 'TRL,20'));
  testFiles(() => lab, counted, [
    ['with the right count', trailer(changed, 'TRL,20'), accepted(row3)],
    ['with leading zeros', trailer(changed, 'TRL,00000020'), accepted(row3)],
    ['and blank lines behind it', `${trailer(changed, 'TRL,20')}\n\n`, accepted(row3)],
    ['with fewer rows', trailer(changed, 'TRL,19'), refused('TRAILER_MISMATCH')],
    ['with more rows', trailer(changed, 'TRL,21'), refused('TRAILER_MISMATCH')],
    ['missing', text(changed), refused('TRAILER_MISMATCH')],
    ['of another kind', trailer(changed, 'END,20'), refused('TRAILER_MISMATCH')],
    ['without a number', trailer(changed, 'TRL,'), refused('TRAILER_MISMATCH')],
    ['cut', trailer(changed, 'TRL,20').slice(0, -2), refused('NO_FINAL_NEWLINE')],
    ['not at the end', trailer([...changed, 'TRL,20'], '21,more,1.00'), refused('TRAILER_MISMATCH')],
    ['without rows', trailer([], 'TRL,0'), held('ROWCOUNT_DROP')],
    ['alone, no header', 'TRL,0\n', refused('HEADER_MISMATCH')],
  ]);

  const proven = subject({ trailer: 'TRL,{rows}', allow_missing_final_newline: true }, trailer(lines, 'TRL,20'));
  testFiles(() => lab, proven, [
    ['proves a file without its last line end', trailer(changed, 'TRL,20').slice(0, -1), noted('final line end', row3)],
    ['does not, when it is cut itself', trailer(changed, 'TRL,20').slice(0, -2), refused('TRAILER_MISMATCH')],
    ['does not, when it is gone with rows', text(changed.slice(0, 19)).slice(0, -1), refused('TRAILER_MISMATCH')],
  ]);
  testFiles(() => lab, subject({ trailer: 'TRL*{rows}' }, trailer(lines, 'TRL 20')), [
    ['a number with a * before it', trailer(changed, 'TRL   0000020'), accepted(row3)],
    ['of which the * takes no digits', trailer(changed, 'TRL   120'), refused('TRAILER_MISMATCH')],
  ]);
  testFiles(() => lab, subject({ allow_missing_final_newline: true }), [
    ['nothing proves the file whole', text(changed).slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ['nothing needs to', text(changed), accepted(row3)],
  ]);
});

describe('parts without a byte', () => {
  const halves = (of: readonly string[]) => ({ 't.csv-1': text(of.slice(0, 10)), 't.csv-2': text(of.slice(10)) });
  const night = async (more: Record<string, unknown>, files: Record<string, string | Buffer>) => {
    const feed = await lab.feed(tableOf(columns, more), halves(lines));
    const found = await feed.night(files);
    return { ...found, rows: await feed.rows(), isProved: await feed.isProved() };
  };
  const accept = { empty_parts: 'accept' };

  test('are refused', async () => {
    const found = await night({}, { ...halves(changed), 't.csv-3': '' });
    expect(found).toMatchObject({ state: 'refused', error: { name: 'EMPTY_FILE' } });
  });

  test.each<[string, string | Buffer]>([
    ['0 bytes', ''],
    ['only a byte order mark', '\ufeff'],
    ['only an end mark', '\x1a'],
  ])('are taken where the feed accepts them: %s', async (_about, bytes) => {
    const found = await night(accept, { ...halves(changed), 't.csv-0': bytes, 't.csv-3': bytes });
    expect(found).toMatchObject({ state: 'published', isProved: true });
    expect(found.rows).toHaveLength(20);
    expect(found.rows[2]).toEqual(row3[3]);
  });

  test('are not all there may be', async () => {
    const found = await night(accept, { 't.csv-1': '', 't.csv-2': '' });
    expect(found).toMatchObject({ state: 'refused', error: { name: 'EMPTY_FILE' } });
  });

  test('do not hide that rows are missing', async () => {
    expect((await night(accept, { ...halves(changed), 't.csv-2': '' })).state).toBe('held');
  });
});
