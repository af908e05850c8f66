import { createHash } from 'node:crypto';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testInFull } from '../support/full.ts';
import {
  accepted,
  check,
  held,
  noted,
  type Outcome,
  refused,
  type Subject,
  tableOf,
} from '../support/nights/input-case.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';
import { zip } from '../support/vendors/zip.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},name ${index + 1},${index + 1}.50`);
const header = 'id,name,price';
const columns = { id: { type: 'bigint', key: true }, name: 'text', price: { type: 'decimal(7,2)', required: true } };
const text = (body: readonly string[] = lines, head = header) => [head, ...body, ''].join('\n');
const changed = lines.with(2, '3,new,3.50');
const row3 = { 3: ['3', 'new', '3.50'] };

const subject = (format: Record<string, unknown> = {}, base: string | Buffer = text(), name = 't.csv'): Subject => ({
  table: tableOf(columns, { format }),
  base: { [name]: base },
});

type Case = readonly [about: string, bytes: string | Buffer, outcome: Outcome];

function run(of: Subject, cases: readonly Case[], name = 't.csv'): void {
  test.each(cases)('%s', (_about, bytes, outcome) => check(lab, of, { [name]: bytes }, outcome));
}

describe('what is no delivery', () => {
  run(subject(), [
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

describe('gzip and zstd', () => {
  const whole = gzipSync(text(changed));
  run(
    subject({}, gzipSync(text()), 't.csv.gz'),
    [
      ['as it should be', whole, accepted(row3)],
      ['plain text', text(changed), refused('NOT_GZIP')],
      ['a zip', zip([{ name: 't.csv', bytes: text() }]), refused('NOT_GZIP')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['gzip of 0 bytes', gzipSync(''), refused('EMPTY_FILE')],
      ['truncated', whole.subarray(0, -20), refused('GZIP_TRUNCATED')],
      ['without its last byte', whole.subarray(0, -1), refused('GZIP_TRUNCATED')],
      ['a wrong CRC', damaged(whole, 6), refused('GZIP_CRC')],
      ['a wrong length', damaged(whole, 2), refused('GZIP_CRC')],
      ['bytes behind it', Buffer.concat([whole, Buffer.from('more')]), refused('GZIP_CRC')],
      [
        'two concatenated members',
        Buffer.concat([gzipSync(text(changed).slice(0, 90)), gzipSync(text(changed).slice(90))]),
        accepted(row3),
      ],
      ['a bomb', gzipSync(`${text()}${'\n'.repeat(100_000_000)}`), refused('DECOMPRESSION_LIMIT')],
      ['gzip within gzip', gzipSync(whole), refused('BAD_MAGIC')],
    ],
    't.csv.gz',
  );
  const zstd = zstdCompressSync(text(changed), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  run(
    subject({}, zstdCompressSync(text()), 't.csv.zst'),
    [
      ['zstd as it should be', zstd, accepted(row3)],
      ['zstd truncated', zstd.subarray(0, -6), refused('ZSTD_TRUNCATED')],
      ['zstd with a wrong checksum', damaged(zstd, 2), refused('ZSTD_CORRUPT')],
      ['plain text named .zst', text(changed), refused('NOT_ZSTD')],
    ],
    't.csv.zst',
  );
});

describe('zip', () => {
  const file = { name: 't.csv', bytes: text(changed) };
  const whole = zip([file]);
  const big = {
    name: 't.csv',
    bytes: text([...changed, ...Array.from({ length: 3 }, (_, n) => `${n + 21},${'x'.repeat(900_000)},1`)]),
  };
  run(
    subject({}, zip([{ name: 't.csv', bytes: text() }]), 't.csv.zip'),
    [
      ['one file', whole, accepted(row3)],
      ['stored', zip([{ ...file, stored: true }]), accepted(row3)],
      ['of a writer that streams', zip([{ ...file, streamed: true }]), accepted(row3)],
      ['zip64', zip([{ ...file, zip64: true }]), accepted(row3)],
      [
        'zip64 of a writer that streams, with a comment',
        zip([{ ...file, zip64: true, streamed: true }], { comment: 'hi' }),
        accepted(row3),
      ],
      [
        'in a folder',
        zip([
          { name: 'out/', bytes: '', stored: true },
          { ...file, name: 'out/t.csv' },
        ]),
        accepted(row3),
      ],
      ['plain text', text(changed), refused('NOT_ZIP')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['an empty file in it', zip([{ ...file, bytes: '' }]), refused('EMPTY_FILE')],
      ['nothing in it', zip([]), refused('ARCHIVE_SHAPE')],
      ['only a folder', zip([{ name: 'out/', bytes: '', stored: true }]), refused('ARCHIVE_SHAPE')],
      ['two files', zip([file, { name: 'u.csv', bytes: text() }]), refused('ARCHIVE_SHAPE')],
      ['a note before the file', zip([{ name: 'README', bytes: 'hello\n' }, file]), refused('ARCHIVE_SHAPE')],
      ['two large files', zip([big, big]), refused('ARCHIVE_SHAPE')],
      [
        'very many entries',
        zip(Array.from({ length: 3000 }, (_, n) => ({ name: `${n}/`, bytes: '', stored: true }))),
        refused('ARCHIVE_SHAPE'),
      ],
      ['a zip in it', zip([{ name: 't.zip', bytes: whole }]), refused('ARCHIVE_SHAPE')],
      ['a gzip in it', zip([{ ...file, bytes: gzipSync(text()) }]), refused('ARCHIVE_SHAPE')],
      ['another method', zip([{ ...file, method: 12 }]), refused('ARCHIVE_SHAPE')],
      ['a path upwards', zip([{ ...file, name: '../../etc/x' }]), refused('ARCHIVE_PATH')],
      ['a path upwards inside', zip([{ ...file, name: 'a/../../t.csv' }]), refused('ARCHIVE_PATH')],
      ['a path upwards as on Windows', zip([{ ...file, name: '..\\t.csv' }]), refused('ARCHIVE_PATH')],
      ['an absolute path', zip([{ ...file, name: '/etc/passwd' }]), refused('ARCHIVE_PATH')],
      ['an absolute path as on Windows', zip([{ ...file, name: 'C:\\t.csv' }]), refused('ARCHIVE_PATH')],
      ['a name with a line end', zip([{ ...file, name: 'a\nb' }]), refused('ARCHIVE_PATH')],
      ['a link', zip([{ name: 't.csv', bytes: '/etc/passwd', mode: 0o120777 }]), refused('ARCHIVE_PATH')],
      ['a link that says what a file would', zip([{ ...file, mode: 0o120777 }]), refused('ARCHIVE_PATH')],
      ['another path in the directory', zip([file], { listed: ['../t.csv'] }), refused('ARCHIVE_PATH')],
      ['another name in the directory', zip([file], { listed: ['u.csv'] }), refused('ZIP_CORRUPT')],
      ['encrypted', zip([{ ...file, encrypted: true }]), refused('ARCHIVE_ENCRYPTED')],
      ['encrypted with AES', zip([{ ...file, method: 99 }]), refused('ARCHIVE_ENCRYPTED')],
      ['a wrong CRC', zip([{ ...file, crc: 1 }]), refused('ZIP_CORRUPT')],
      ['a wrong CRC behind the data', zip([{ ...file, crc: 1, streamed: true }]), refused('ZIP_CORRUPT')],
      ['a wrong size', zip([{ ...file, size: 100 }]), refused('ZIP_CORRUPT')],
      ['damaged data', damaged(whole, whole.length - 60), refused('ZIP_CORRUPT')],
      ['truncated', whole.subarray(0, -10), refused('ZIP_TRUNCATED')],
      ['truncated in the data', whole.subarray(0, 100), refused('ZIP_TRUNCATED')],
      ['without its directory', whole.subarray(0, -75), refused('ZIP_TRUNCATED')],
      ['bytes behind it', Buffer.concat([whole, Buffer.from('more')]), refused('ZIP_CORRUPT')],
      ['a bomb', zip([{ ...file, bytes: `${text()}${'\n'.repeat(100_000_000)}` }]), refused('DECOMPRESSION_LIMIT')],
      [
        'a file cut before it was packed',
        zip([{ ...file, bytes: text(changed).slice(0, -2) }]),
        refused('NO_FINAL_NEWLINE'),
      ],
    ],
    't.csv.zip',
  );
});

describe('cut files', () => {
  const body = text(changed);
  run(subject(), [
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

describe('header', () => {
  run(subject(), [
    ['preamble lines before it', `Report of today\n\n${text(changed)}`, refused('HEADER_MISMATCH')],
    ['a blank line before it', `\n${text(changed)}`, refused('HEADER_MISMATCH')],
    ['two of them', text([header, ...changed]), refused('HEADER_REPEATED')],
    ['again in the middle', text([...changed.slice(0, 9), header, ...changed.slice(9)]), refused('HEADER_REPEATED')],
    ['concatenated dumps', text(changed) + text(), refused('HEADER_REPEATED')],
    ['again in quotes', text([...changed, '"id","name","price"']), refused('HEADER_REPEATED')],
    ['again in another case, with blanks', text([...changed, 'ID, Name ,PRICE']), refused('HEADER_REPEATED')],
    ['again in another order, behind a mark', text([...changed, '\ufeffprice,"id",name']), refused('HEADER_REPEATED')],
    ['none', text(changed).slice(header.length + 1), refused('HEADER_MISMATCH')],
    ['a column renamed', text(changed, 'id,title,price'), refused('HEADER_MISMATCH')],
    [
      'columns reordered',
      text(
        changed.map((line) => line.split(',').reverse().join(',')),
        'price,name,id',
      ),
      accepted(row3),
    ],
    [
      'a column twice',
      text(
        changed.map((line) => `${line},1`),
        `${header},price`,
      ),
      refused('HEADER_DUPLICATE'),
    ],
    [
      'an extra column',
      text(
        changed.map((line) => `${line},1`),
        `${header},size`,
      ),
      held('SCHEMA_ADD'),
    ],
    [
      'a missing column',
      text(
        changed.map((line) => line.slice(0, -5)),
        'id,name',
      ),
      refused('SCHEMA_MISSING'),
    ],
    ['other case', text(changed, 'ID,Name,price'), refused('HEADER_MISMATCH')],
    ['a blank', text(changed, 'id, name,price'), refused('HEADER_MISMATCH')],
    ['a hostile name', text(changed, 'id,"name""; DROP TABLE t; --",price'), refused('HEADER_MISMATCH')],
    ['another delimiter: semicolon', text(changed, header).replaceAll(',', ';'), refused('HEADER_MISMATCH')],
    ['another delimiter: tab', text(changed, header).replaceAll(',', '\t'), refused('HEADER_MISMATCH')],
    ['another delimiter: pipe', text(changed, header).replaceAll(',', '|'), refused('HEADER_MISMATCH')],
    [
      'more than 1600 columns',
      text(
        changed.map((line) => line + ','.repeat(1700)),
        `${header}${Array.from({ length: 1700 }, (_, index) => `,x${index}`).join('')}`,
      ),
      refused('TOO_WIDE'),
    ],
  ]);

  const lenient = subject({ header_names: 'lenient' });
  run(lenient, [
    ['lenient: other case', text(changed, 'ID,Name,PRICE'), noted('ID', row3)],
    ['lenient: blanks', text(changed, ' id,name ,"pri ce"'), noted('pri ce', row3)],
    ['lenient: as declared', text(changed), accepted(row3)],
    [
      'lenient: the same name twice',
      text(
        changed.map((line) => `${line},1`),
        'id,name,price,Name',
      ),
      refused('HEADER_DUPLICATE'),
    ],
    ['lenient: renamed', text(changed, 'id,title,price'), refused('HEADER_MISMATCH')],
    [
      'lenient: an extra column',
      text(
        changed.map((line) => `${line},1`),
        `ID,name,price,Size`,
      ),
      held('SCHEMA_ADD'),
    ],
    ['lenient: again in the middle', text([...changed, 'ID,NAME,PRICE'], 'ID,NAME,PRICE'), refused('HEADER_REPEATED')],
  ]);
});

describe('no header is declared', () => {
  const bare = (of: string) => of.slice(header.length + 1);
  const headless = subject({ header: false }, bare(text()));
  run(headless, [
    ['and none comes', bare(text(changed)), accepted(row3)],
    ['and one comes', text(changed), refused('HEADER_UNDECLARED')],
    ['in quotes and another case', text(changed, '"ID"," name","Price"'), refused('HEADER_UNDECLARED')],
    ['behind blank lines and a mark', `\ufeff\n\n${text(changed)}`, refused('HEADER_UNDECLARED')],
    ['with a column renamed', text(changed, 'id,title,price'), refused('HEADER_UNDECLARED')],
    ['in the middle', bare(text([...changed, header])), refused('HEADER_UNDECLARED')],
    ['UTF-16 without a mark', Buffer.from(bare(text(changed)), 'utf16le'), refused('ENCODING')],
  ]);
  const filtering = {
    ...headless,
    table: tableOf(columns, { format: { header: false }, drop_row_when: "name = 'name'" }),
  };
  run(filtering, [['and a filter leaves it out', text(changed), accepted(row3)]]);
});

describe('an end mark (^Z)', () => {
  const body = text(changed);
  run(subject(), [
    ['at the end', `${body}\x1a`, noted('end mark', row3)],
    ['with a line end', `${body}\x1a\n`, noted('end mark', row3)],
    ['behind CRLF', `${body.replaceAll('\n', '\r\n')}\x1a\r\n`, noted('end mark', row3)],
    ['behind a cut record', `${body.slice(0, -3)}\x1a`, refused('NO_FINAL_NEWLINE')],
    ['twice', `${body}\x1a\x1a`, refused('NO_FINAL_NEWLINE')],
    ['alone', '\x1a', refused('EMPTY_FILE')],
  ]);
  run(subject({ encoding: 'utf-16' }, Buffer.from(`\ufeff${text()}`, 'utf16le')), [
    ['in UTF-16', Buffer.from(`\ufeff${body}\x1a`, 'utf16le'), noted('end mark', row3)],
  ]);
});

describe('trailer record', () => {
  const trailer = (body: readonly string[], last: string) => text([...body, last]);
  const counted = subject({ trailer: 'TRL,{rows}' }, trailer(lines, 'TRL,20'));
  run(counted, [
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
  run(proven, [
    ['proves a file without its last line end', trailer(changed, 'TRL,20').slice(0, -1), noted('final line end', row3)],
    ['does not, when it is cut itself', trailer(changed, 'TRL,20').slice(0, -2), refused('TRAILER_MISMATCH')],
    ['does not, when it is gone with rows', text(changed.slice(0, 19)).slice(0, -1), refused('TRAILER_MISMATCH')],
  ]);
  run(subject({ trailer: 'TRL*{rows}' }, trailer(lines, 'TRL 20')), [
    ['a number with a * before it', trailer(changed, 'TRL   0000020'), accepted(row3)],
    ['of which the * takes no digits', trailer(changed, 'TRL   120'), refused('TRAILER_MISMATCH')],
  ]);
  run(subject({ allow_missing_final_newline: true }), [
    ['nothing proves the file whole', text(changed).slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ['nothing needs to', text(changed), accepted(row3)],
  ]);
});

describe('a checksum of the container', () => {
  const cut = text(changed).slice(0, -1);
  const short = text([...changed.slice(0, -1), '20,name']).slice(0, -1);
  const zstd = (of: string, checksum: 0 | 1) =>
    zstdCompressSync(of, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });
  const allowed = { allow_missing_final_newline: true };
  const over = (pack: (of: string) => Buffer, name: string, cases: readonly Case[]) =>
    run(subject(allowed, pack(text()), name), cases, name);
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

testInFull('a row that PostgreSQL cannot hold is refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 370 }, (_, index) => [`c${index}`, 'text']));
  const wide: Subject = {
    table: tableOf({ id: { type: 'bigint', key: true }, ...many }, { guards: { updated: '100%' } }),
    base: { 't.csv': `id,${Object.keys(many).join(',')}\n1${',a'.repeat(370)}\n` },
  };
  const row = (value: string) => `id,${Object.keys(many).join(',')}\n1${`,${value}`.repeat(370)}\n`;
  await check(lab, wide, { 't.csv': row('b'.repeat(22)) }, refused('TOO_WIDE'));
  await check(lab, wide, { 't.csv': row('b'.repeat(8)) }, accepted({ 1: ['1', ...Array(370).fill('b'.repeat(8))] }));
});

describe('names of files', () => {
  const hostile = [
    "t.csv'; DROP TABLE t; --",
    't.csv..',
    't.csv $(touch x) `id`',
    't.csv*[a-z]?',
    `t.csv${'x'.repeat(245)}`,
    't.csv-\u202e\u2028😀',
    't.csv%2e%2e%2fetc',
  ];
  test.each(hostile.map((name) => [name]))('%j is a name and nothing else', (name) =>
    check(lab, subject(), { [name]: text(changed) }, accepted(row3)),
  );

  test('a leading dash', () => {
    const of = { ...subject(), table: tableOf(columns, { files: '-*' }), base: { '-rf': text() } };
    return check(lab, of, { '-rf': text(changed) }, accepted(row3));
  });

  test('a star in a name takes no other file', () => {
    const of = { ...subject(), table: tableOf(columns, { files: 's*.csv' }), base: { 's*.csv': text() } };
    return check(lab, of, { 's*.csv': text(changed), 'x1.csv': text() }, accepted(row3));
  });

  test.each([
    ['a line end', Buffer.from('t.csv\nx')],
    ['no UTF-8', Buffer.from('742e637376ff', 'hex')],
  ])('%s: such a file is not there', async (_about, name) => {
    const feed = await lab.feed(tableOf(columns), { 't.csv': text() });
    const before = await feed.everything();
    expect((await feed.night({}, { odd: [[name, text(changed)]] })).state).toBe('late');
    expect(await feed.everything()).toEqual(before);
  });
});

function damaged(bytes: Buffer, fromEnd: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - fromEnd]! ^= 1;
  return copy;
}
