import { expect, test } from 'vitest';
import { languageNames } from '../../../../lib/core/feed/values/spelling/calendar-names.ts';
import { parseValue } from '../../../../lib/core/feed/values/value.ts';

const months = Array.from({ length: 12 }, (_, index) => index + 1);

test.each(languageNames)('in %s, the names that its locale uses are read, whole and short', (language) => {
  for (const [style, token] of [
    ['long', 'MONTH'],
    ['short', 'MON'],
  ] as const) {
    for (const month of months) {
      const day = new Date(Date.UTC(2026, month - 1, 1));
      const name = new Intl.DateTimeFormat(language, { month: style, day: 'numeric', timeZone: 'UTC' })
        .formatToParts(day)
        .find(({ type }) => type === 'month')!.value;
      const form = { type: 'date', date_format: `DD ${token} YYYY`, months: language } as const;
      const expected = { text: `2026-${String(month).padStart(2, '0')}-01` };
      for (const written of [name, name.toUpperCase()])
        expect([language, written, parseValue(form, `01 ${written} 2026`)]).toEqual([language, written, expected]);
    }
  }
});

test('no name of a language means two months', () => {
  for (const language of languageNames) {
    const form = { type: 'date', months: language } as const;
    for (const token of ['MON', 'MONTH'])
      for (const month of months) {
        const name = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(
          Date.UTC(2026, month - 1),
        );
        const { text } = parseValue({ ...form, date_format: `DD ${token} YYYY` }, `01 ${name} 2026`);
        if (text !== undefined) expect(text).toBe(`2026-${String(month).padStart(2, '0')}-01`);
      }
  }
});

test.each(languageNames)('in %s, the names of weekdays that its locale uses are read, whole and short', (language) => {
  for (const [style, token] of [
    ['long', 'DAY'],
    ['short', 'DY'],
  ] as const) {
    for (const day of [1, 2, 3, 4, 5, 6, 7]) {
      const text = `2026-06-0${day}`;
      const name = new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(new Date(text));
      const form = { type: 'date', date_format: `YYYY-MM-DD ${token}`, weekdays: language } as const;
      for (const written of [name, name.toUpperCase()])
        expect([written, parseValue(form, `${text} ${written}`)]).toEqual([written, { text }]);
      expect([name, parseValue(form, `2026-06-1${day} ${name}`)]).toEqual([name, { code: 'DATE' }]);
    }
  }
});
