import { createHash } from 'node:crypto';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noted, refused, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { zip } from '../../support/vendors/zip.ts';
import { changed, columns, type FileCase, row3, subject, testFiles, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('a checksum of the container', () => {
  const cut = text(changed).slice(0, -1);
  const short = text([...changed.slice(0, -1), '20,name']).slice(0, -1);
  const zstd = (of: string, checksum: 0 | 1) =>
    zstdCompressSync(of, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });
  const allowed = { allow_missing_final_newline: true };
  const over = (pack: (of: string) => Buffer, name: string, cases: readonly FileCase[]) =>
    testFiles(() => lab, subject(allowed, pack(text()), name), cases, name);
  const proves = (by: string) => noted(`the checksum ${by} proves the file whole`, row3);

  over(gzipSync, 't.csv.gz', [
    ['gzip proves a file without its last line end', gzipSync(cut), proves('of the gzip file')],
    ['but not that the last record is whole', gzipSync(short), refused('NO_FINAL_NEWLINE')],
    ['nor that it is closed', gzipSync(`${cut}\n21,"x`), refused('UNTERMINATED_QUOTE')],
  ]);
  over((of) => zip([{ name: 't.csv', bytes: of }]), 't.csv.zip', [
    ['ZIP does too', zip([{ name: 't.csv', bytes: cut }]), proves('in the ZIP archive')],
  ]);
  over((of) => zstd(of, 1), 't.csv.zst', [
    ['zstd does too', zstd(cut, 1), proves('of the zstd file')],
    ['but not without one', zstd(cut, 0), refused('NO_FINAL_NEWLINE')],
    [
      'nor where one of two frames has none',
      Buffer.concat([zstd(cut.slice(0, 90), 1), zstd(cut.slice(90), 0)]),
      refused('NO_FINAL_NEWLINE'),
    ],
  ]);

  test('the refusal names the proof and the option that takes it', async () => {
    const feed = await lab.feed(tableOf(columns), { 't.csv.gz': gzipSync(text()) });
    const { error } = await feed.night({ 't.csv.gz': gzipSync(cut) });
    expect(error?.message).toMatch(/checksum of the gzip file proves .* `format.allow_missing_final_newline: true`/);
  });

  test('a night whose files end otherwise than those before warns', async () => {
    const feed = await lab.feed(tableOf(columns, { format: allowed }), { 't.csv.gz': gzipSync(text()) });
    const ending = expect.stringContaining('FILE_ENDINGS');
    expect((await feed.night({ 't.csv.gz': gzipSync(cut) })).warnings).toEqual([ending]);
    expect((await feed.night({ 't.csv.gz': gzipSync(text().slice(0, -1)) })).warnings).toEqual([]);
    expect((await feed.night({ 't.csv.gz': gzipSync(text(changed)) })).warnings).toEqual([ending]);
  });
});

describe('a manifest', () => {
  const ready = { ready: { manifest: { file: 'manifest.csv' } } };
  const cut = text(changed).slice(0, -1);
  const night = async (format: Record<string, unknown>, bytes: string, facts: string) => {
    const manifest = (names: string, of: string) => `file,${names}\nt.csv,${of}\n`;
    const base = { 't.csv': text(), 'manifest.csv': manifest('size', String(text().length)) };
    const feed = await lab.feed(tableOf(columns, { format, files: 't.csv' }), base, ready);
    const found = await feed.night({
      't.csv': bytes,
      'manifest.csv': manifest(...(facts.split('=') as [string, string])),
    });
    return { ...found, third: (await feed.rows())[2] };
  };
  const allowed = { allow_missing_final_newline: true };

  test.each([
    ['size', `size=${cut.length}`],
    ['checksum', `md5=${createHash('md5').update(cut).digest('hex')}`],
  ])('proves a file without its last line end by its %s', async (_about, facts) => {
    expect(await night(allowed, cut, facts)).toMatchObject({
      state: 'published',
      notes: ['no final line end; the manifest proves the file whole'],
      third: row3[3],
    });
  });

  test('keeps CRLF', async () => {
    const crlf = cut.replaceAll('\n', '\r\n');
    expect(await night(allowed, crlf, `size=${crlf.length}`)).toMatchObject({ state: 'published', third: row3[3] });
  });

  test.each([
    ['by rows alone, which a cut in the last field does not change', allowed, cut, 'rows=20', 'NO_FINAL_NEWLINE'],
    ['where the feed does not allow it', {}, cut, `size=${cut.length}`, 'NO_FINAL_NEWLINE'],
    ['of a file that is shorter', allowed, cut.slice(0, -1), `size=${cut.length}`, 'MANIFEST_MISMATCH'],
    ['of a file with other rows', allowed, text(changed), 'rows=21', 'MANIFEST_MISMATCH'],
  ] as const)('proves nothing %s', async (_about, format, bytes, facts, name) => {
    expect(await night(format, bytes, facts)).toMatchObject({ state: 'refused', error: { name } });
  });
});
