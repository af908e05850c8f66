import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDump } from './read-dump.ts';

const text = fc.string({
  unit: fc.constantFrom(
    'a',
    "'",
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    ';',
    ',',
    ')',
    '(',
    '--',
    '/*',
    '*/',
    '\\.',
    'é',
    '𝄞',
    '\x01',
    '\x1a',
    '%',
    'N',
  ),
  maxLength: 8,
});
const rows = fc.array(fc.tuple(text, fc.option(text)), { minLength: 1, maxLength: 6 });

/** How each writer writes a text, and the rows around it. */
const writers: Readonly<Record<string, (rows: readonly (readonly (string | null)[])[]) => string>> = {
  mysql: (all) => insert('-- MySQL dump', all, mysqlString, '-- Dump completed'),
  postgres: (all) => insert('-- PostgreSQL database dump', all, standardString, '-- PostgreSQL database dump complete'),
  'E strings': (all) =>
    insert(
      '-- PostgreSQL database dump',
      all,
      (value) => `E${mysqlString(value)}`,
      '-- PostgreSQL database dump complete',
    ),
  copy: (all) =>
    [
      '-- PostgreSQL database dump',
      'COPY t (id, name) FROM stdin;',
      ...all.map((row) => row.map((value) => (value === null ? '\\N' : copied(value))).join('\t')),
      '\\.',
      '-- PostgreSQL database dump complete',
      '',
    ].join('\n'),
};

function insert(
  start: string,
  all: readonly (readonly (string | null)[])[],
  string: (value: string) => string,
  end: string,
): string {
  const values = all.map((row) => `(${row.map((value) => (value === null ? 'NULL' : string(value))).join(',')})`);
  return `${start}\nINSERT INTO t (id, name) VALUES ${values.join(',\n')};\n${end}\n`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const mysqlString = (value: string) => `'${value.replaceAll(/[\\'\n\r\t]/g, (each) => escapes[each]!)}'`;
const standardString = (value: string) => `'${value.replaceAll("'", "''")}'`;
const copied = (value: string) => value.replaceAll(/[\\\n\r\t]/g, (each) => escapes[each]!);

test.each(Object.entries(writers))(
  '%s: every text is read as it was written, however the bytes come',
  async (_name, write) => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (all, size) => {
        const found = await readDump(write(all), {}, size);
        expect(found.rows).toEqual(all.map((row) => [...row]));
        expect(found.rejects).toEqual([]);
      }),
    );
  },
);

test.each(Object.entries(writers))(
  '%s: one byte less never makes other rows than those around it',
  async (_name, write) => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (all, place) => {
        const whole = Buffer.from(write(all));
        const at = place % whole.length;
        const bad = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
        const found = await readDump(bad).catch((thrown: unknown) => thrown);
        if (found instanceof Error) {
          expect(found).toHaveProperty('state', 'refused');
          return;
        }
        // A row may have lost the byte, or two rows their border; the others are as they were.
        const { rows: read } = found as Awaited<ReturnType<typeof readDump>>;
        const known = new Set(all.map((row) => JSON.stringify(row)));
        expect(read.filter((row) => !known.has(JSON.stringify(row))).length).toBeLessThanOrEqual(1);
        expect(read.length).toBeGreaterThanOrEqual(all.length - 1);
      }),
    );
  },
);
