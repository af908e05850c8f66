import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseValue, type ValueForm } from '../../../../lib/core/feed/values/value.ts';

type Written = Omit<ValueForm, 'type'>;

/** Numbers as locales write them, and the options that read them back. */
const ways: readonly (readonly [locale: string, style: Intl.NumberFormatOptions, form: Written])[] = [
  ['de-DE', {}, { decimal: ',', thousands: '.' }],
  ['en-US', {}, { thousands: ',' }],
  ['fr-FR', {}, { decimal: ',', thousands: ' ' }],
  ['de-CH', {}, { thousands: "'" }],
  ['en-IN', {}, { thousands: ',', grouping: 'indian' }],
  [
    'en-US',
    { style: 'currency', currency: 'USD', currencySign: 'accounting' },
    { thousands: ',', currency: ['$'], negative: 'parentheses' },
  ],
  ['de-DE', { style: 'currency', currency: 'EUR' }, { decimal: ',', thousands: '.', currency: ['€'] }],
  ['nl-NL', { style: 'currency', currency: 'EUR' }, { decimal: ',', thousands: '.', currency: ['€'] }],
  ['fr-FR', { style: 'currency', currency: 'EUR' }, { decimal: ',', thousands: ' ', currency: ['€'] }],
  ['en-IN', { style: 'currency', currency: 'INR' }, { thousands: ',', grouping: 'indian', currency: ['₹'] }],
  ['de-DE', { style: 'percent' }, { decimal: ',', thousands: '.', percent: 'fraction' }],
];

test.each(ways)('%s, %o: what a locale writes is read back', (locale, style, written) => {
  const isShare = written.percent !== undefined;
  const places = isShare ? 6 : 2;
  const format = new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: 2,
    maximumFractionDigits: isShare ? 4 : 2,
    useGrouping: 'always',
  });
  const form: ValueForm = { type: `decimal(18,${places})`, ...written };
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (units) => {
      const number = units / 10 ** places;
      expect(parseValue(form, format.format(number))).toEqual({
        text: number.toFixed(places).replace(/^-(0[.]0+)$/, '$1'),
      });
    }),
  );
});

test('a number of another locale is rejected or is the same number, never another one', () => {
  const german: ValueForm = { type: 'decimal(18,2)', decimal: ',', thousands: '.' };
  const english = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 });
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), (units) => {
      expect(parseValue(german, english.format(units / 100))).toEqual({ code: 'FORMAT' });
    }),
  );
});
