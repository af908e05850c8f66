import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { readDelimited } from '../../../support/formats/read-delimited.ts';
import { type Writing, written } from '../../../support/formats/written.ts';

const columns = ['id', 'name', 'note'];

/** Each as a feed file says it, and as the vendor's writer does. */
const dialects: readonly (readonly [about: string, format: Record<string, unknown>, writing: Writing])[] = [
  ['two characters', { delimiter: '||' }, { delimiter: '||', quote: '"' }],
  ['three characters without quotes', { delimiter: '~|~', quote: '' }, { delimiter: '~|~' }],
  ['a character beyond ASCII', { delimiter: '¦' }, { delimiter: '¦', quote: '"', recordEnd: '\r\n' }],
  ['a control character', { delimiter: '\x01', quote: "'" }, { delimiter: '\x01', quote: "'", quotesAll: true }],
  [
    'record ends of two bytes, line ends as text',
    { delimiter: '\x01', quote: '', record_end: '\x02\n' },
    { delimiter: '\x01', recordEnd: '\x02\n' },
  ],
  [
    'record ends of one byte',
    { delimiter: '\x1f', record_end: '\x1e' },
    { delimiter: '\x1f', quote: '"', recordEnd: '\x1e' },
  ],
  ['LF alone ends records', { record_end: '\n' }, { delimiter: ',', quote: '"' }],
  ['an escape within quotes', { escape: '\\' }, { delimiter: ',', quote: '"', escape: '\\' }],
  ['another escape', { delimiter: '||', escape: '!' }, { delimiter: '||', quote: '"', escape: '!', quotesAll: true }],
  [
    'an escape without quotes',
    { delimiter: '|', quote: '', escape: '\\', null_values: ['\\N'] },
    { delimiter: '|', escape: '\\', nothing: '\\N' },
  ],
  [
    "MySQL's OUTFILE",
    { delimiter: '\t', quote: '', escape: 'mysql', null_values: ['\\N'] },
    { delimiter: '\t', escape: 'mysql', nothing: '\\N' },
  ],
  [
    "MySQL's OUTFILE, enclosed, with CRLF",
    { escape: 'mysql', null_values: ['\\N'] },
    { delimiter: ',', quote: '"', escape: 'mysql', nothing: '\\N', recordEnd: '\r\n' },
  ],
  [
    "PostgreSQL's COPY",
    { delimiter: '\t', quote: '', escape: 'copy', null_values: ['\\N'] },
    { delimiter: '\t', escape: 'copy', nothing: '\\N' },
  ],
  ['lazy quotes, of which none occurs', { quotes: 'lazy' }, { delimiter: ',', quote: '"', quotesAll: true }],
  ['words for null', { delimiter: '||', null_values: ['NULL'] }, { delimiter: '||', quote: '"', nothing: 'NULL' }],
];

const units = [
  'a',
  'N',
  ',',
  '|',
  '~',
  '"',
  "'",
  '\\',
  '!',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\x01',
  '\x02',
  '\x1e',
  ' ',
  '#',
  'é',
  '¦',
  '€',
  '😀',
  '\b',
  '\v',
  '\ufeff',
  '.',
];
const text = fc.string({ unit: fc.constantFrom(...units), maxLength: 6 });
const tables = fc.array(fc.tuple(text, fc.option(text)), { minLength: 1, maxLength: 8 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 });

describe('what an independent writer wrote is read, however the bytes come', () => {
  test.each(dialects)('%s', async (_about, format, writing) => {
    await fc.assert(
      fc.asyncProperty(tables, sizes, fc.boolean(), async (found, cuts, header) => {
        const rows = found
          .map(([name, note], index) => [String(1000 + index), name, note])
          .map((row) => (written([row], writing) === undefined ? [row[0]!, 'x', null] : row));
        const body = written(rows, writing)!;
        const head = header ? written([columns], writing)! : '';
        const read = await readDelimited({ ...format, header }, Buffer.from(head + body), columns, cuts);
        expect(read.rows).toEqual(rows);
        expect(read.rejects).toEqual({});
      }),
      { numRuns: 60 },
    );
  });
});

describe('whatever the bytes are, it does not matter in which pieces they come', () => {
  const more: typeof dialects = [
    [
      'everything at once',
      { delimiter: '~|', quotes: 'lazy', blanks_around_quotes: true, comment: '#a' },
      { delimiter: '~|' },
    ],
    [
      'own record ends and lazy quotes',
      { delimiter: '~|~', quotes: 'lazy', record_end: '\x02\n\x02', null_values: ['a', ''], quoted_nulls: true },
      { delimiter: '~|~' },
    ],
    [
      'mixed record ends',
      { escape: '\\', allow_mixed_record_ends: true, blanks_around_quotes: true },
      { delimiter: ',' },
    ],
  ];
  const soup = fc.array(fc.constantFrom(...units, '~|~', '~|', '||', '\x02\n', '\x02\n\x02', '\n', ',', '"', '\\.\n'), {
    maxLength: 40,
  });

  test.each([...dialects, ...more])('%s', async (_about, format) => {
    await fc.assert(
      fc.asyncProperty(soup, sizes, async (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const read = (pieces: readonly number[]) =>
          readDelimited({ ...format, header: false }, bytes, columns, pieces).catch((thrown) => {
            if (!(thrown instanceof NightfeedError)) throw thrown;
            return `${thrown.name}: ${thrown.message}`;
          });
        const whole = await read([]);
        expect(await read([1])).toEqual(whole);
        expect(await read(cuts)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});

describe('lazy quotes', () => {
  const letters = fc.constantFrom('a', 'b', '"', ',', ' ');
  const words = fc
    .string({ unit: letters, maxLength: 8 })
    .filter((word) => !word.includes('""') && !word.endsWith('"') && !word.includes(',"') && !/^[ ]*"/.test(word));
  /** A writer who quotes where it must, and does not double. */
  const lazily = (word: string) => (/,|^ |^$/.test(word) ? `"${word}"` : word);

  test('a row is read as it was written, or rejected', async () => {
    let lazy = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 6 }), sizes, async (found, cuts) => {
        const rows = found.map(([name, note], index) => [String(1000 + index), name, note]);
        const body = rows.map((row) => `${row.map(lazily).join(',')}\n`).join('');
        const read = await readDelimited({ quotes: 'lazy' }, Buffer.from(`${columns}\n${body}`), columns, cuts).catch(
          (thrown) => thrown.name,
        );
        if (read === 'UNTERMINATED_QUOTE') return;
        lazy += read.notes.length;
        for (const row of read.rows) expect(rows).toContainEqual(row);
      }),
      { numRuns: 300 },
    );
    expect(lazy).toBeGreaterThan(20);
  });
});
