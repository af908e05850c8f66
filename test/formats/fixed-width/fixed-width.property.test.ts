import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordEnd } from '../../../lib/core/run/file-parts.ts';
import { FixedRecords } from '../../../lib/formats/fixed-width/fixed-records.ts';
import { layoutOf } from '../../../lib/formats/fixed-width/layout.ts';
import type { FixedWidthFormat } from '../../../lib/formats/fixed-width/options.ts';
import { BytePlaces, CharacterPlaces, LinePlaces } from '../../../lib/formats/fixed-width/record-places.ts';
import { RecordFaults } from '../../../lib/formats/text/record-faults.ts';

const LENGTH = 12;
const character = fc.constantFrom('a', ' ', ' ', ',', '"', 'é', '€', '𝄞', '\ufeff', '0');
const record = fc.array(character, { minLength: LENGTH, maxLength: LENGTH });
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 80 });
const fields = fc
  .array(fc.record({ start: fc.integer({ min: 1, max: LENGTH }), length: fc.integer({ min: 1, max: LENGTH }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) => all.map(({ start, length }) => ({ start, length: Math.min(length, LENGTH - start + 1) })));
const options = fc.record({
  trim: fc.constantFrom('right' as const, 'both' as const, 'none' as const),
  null_values: fc.constantFrom<string[]>([''], [], ['', '0'], ['a']),
});
const ends = fc.constantFrom<RecordEnd | ''>('\n', '\r\n', '\r', '');

const formatOf = (more: Partial<FixedWidthFormat>): FixedWidthFormat => ({
  type: 'fixed-width',
  fields: {},
  unit: 'characters',
  record_end: 'line',
  trim: 'right',
  header: false,
  encoding: 'utf-8',
  null_values: [''],
  ...more,
});

/** What the fields of a record are, said in the plainest way. */
function plainly(format: FixedWidthFormat, characters: readonly string[]): string {
  const { names, starts, ends } = layoutOf(format);
  const texts = names.map((_name, index) => characters.slice(starts[index], ends[index]).join(''));
  const right = (text: string) => (format.trim === 'none' ? text : text.replace(/ +$/, ''));
  const both = (text: string) => (format.trim === 'both' ? text.replace(/^ +/, '') : text);
  const shown = texts.map(right).map(both);
  const isNull = (text: string) => format.null_values.includes(text);
  return `${shown.map((text) => (isNull(text) ? '' : quoted(text))).join(',')}\n`;
}

/** A byte that only may begin a byte order mark is reason enough for quotes. */
function quoted(text: string): string {
  return /^$|[",\r\n]/.test(text) || Buffer.from(text).includes(0xef) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function converted(format: FixedWidthFormat, end: RecordEnd | '', data: Buffer, sizes: readonly number[]) {
  const layout = layoutOf(format);
  const places =
    end !== '' ? new LinePlaces(end) : format.unit === 'bytes' ? new BytePlaces(LENGTH) : new CharacterPlaces(LENGTH);
  const records = new FixedRecords(format, layout, places, new RecordFaults());
  const out: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, data.length]) {
    out.push(records.push(data.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, records.finish()]).toString();
}

test('fields are what stands at their places, however the bytes come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 5 }),
      fields,
      options,
      ends,
      cuts,
      async (rows, placed, more, end, sizes) => {
        const named = Object.fromEntries(placed.map((place, index) => [`f${index}`, place]));
        const format = formatOf({
          ...more,
          fields: named,
          record_length: LENGTH,
          record_end: end === '' ? 'none' : 'line',
        });
        const data = Buffer.from(rows.map((each) => each.join('') + end).join(''));
        const expected = rows.map((each) => plainly(format, each)).join('');
        expect(await converted(format, end, data, sizes)).toBe(expected);
      },
    ),
  );
});

test('bytes of ASCII are its characters', async () => {
  const ascii = fc.array(fc.constantFrom('a', ' ', ',', '"', '0'), { minLength: LENGTH, maxLength: LENGTH });
  await fc.assert(
    fc.asyncProperty(
      fc.array(ascii, { minLength: 1, maxLength: 5 }),
      fields,
      ends,
      cuts,
      async (rows, placed, end, sizes) => {
        const named = Object.fromEntries(placed.map((place, index) => [`f${index}`, place]));
        const data = Buffer.from(rows.map((each) => each.join('') + end).join(''));
        const both = (['bytes', 'characters'] as const).map((unit) =>
          converted(
            formatOf({ fields: named, unit, record_length: LENGTH, record_end: end === '' ? 'none' : 'line' }),
            end,
            data,
            sizes,
          ),
        );
        expect(await both[0]).toBe(await both[1]);
      },
    ),
  );
});
