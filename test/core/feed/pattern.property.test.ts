import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPattern, NamePattern } from '../../../lib/core/feed/pattern.ts';
import { withDate } from '../../../lib/core/feed/values/date-form.ts';

const days = ['2001-02-03', '2002-01-03', '2003-02-01', '2010-11-12', '2011-12-10'];
const form = fc.constantFrom(
  '{date}',
  '{yyyymmdd}',
  '{ddmmyyyy}',
  '{yymmdd}',
  '{yyyy}_{mm}_{dd}',
  '{date:DD-MON-YYYY}',
  '{date:D.M.YYYY}',
  '{date:Month D, YY}',
);
const wild = fc.constantFrom('', '*', '?', 'x*', '*_', '2', '[a+', '.');
const rest = fc
  .array(fc.constantFrom('0', '1', '2', '3', '01', '02', '03', '2010', '1112', '_', 'Feb', 'x'), { maxLength: 4 })
  .map((pieces) => pieces.join(''));

test('an open date is read as the day that makes this name, and never as one of several', () => {
  fc.assert(
    fc.property(form, wild, wild, rest, rest, fc.constantFrom(...days), (form, before, after, left, right, day) => {
      const pattern = `${before}${form}${after}`;
      const name = `${left}${withDate(form, day)}${right}`;

      const read = new NamePattern(pattern).read(name);

      const fitting = days.filter((each) => matchesPattern(withDate(pattern, each), name));
      if (fitting.length > 0) expect(read).toBeDefined();
      if (fitting.length > 1) expect(read).toBe('ambiguous');
      if (typeof read === 'object') {
        expect(matchesPattern(withDate(pattern, read.date!), name)).toBe(true);
        expect(fitting.filter((each) => each !== read.date)).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a name fits where something can be read in it', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '*', '?', '\u{1F600}', '\uD83D', 'A'), { maxLength: 8 });
  const joined = text.map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      joined,
      joined,
      fc.constantFrom('', '{date}', '{n}'),
      fc.boolean(),
      (written, name, open, ignoreCase) => {
        const pattern = new NamePattern(written + open, ignoreCase);
        expect(pattern.fits(name)).toBe(pattern.read(name) !== undefined);
      },
    ),
    { numRuns: 2000 },
  );
});
