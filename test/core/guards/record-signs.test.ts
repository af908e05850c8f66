import { describe, expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { type Case, judged, nights, verdictOf } from '../../support/nights/guarded-night.ts';

const signs = { longest: { bytes: 90, lines: 1 }, swallowed: [] };
const place = { file: 't.csv', record: 7, byte: 120, lines: 5, fields: 2 };
const escapes = { breaking: 101, doubled: 0, nulls: 0, plain: 0, escapes: 101 };

describe('what records look like', () => {
  test.each<[string, Case, string[], string[]]>([
    ['nothing odd', { diff: { signs } }, [], []],
    [
      'records within a field',
      { diff: { signs: { ...signs, swallowed: [{ ...place, column: 'name' }] } } },
      ['SWALLOWED_RECORDS "name"'],
      [],
    ],
    [
      'where quotes are broken nobody knows of which column',
      { diff: { signs: { ...signs, swallowed: [{ ...place, column: null }] } } },
      ['SWALLOWED_RECORDS'],
      [],
    ],
    ['escapes in more than a hundredth', { diff: { signs: { ...signs, backslashes: escapes } } }, ['BACKSLASHES'], []],
    ['in just that', { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 100 } } } }, [], []],
    [
      'in one record of few',
      { diff: { rows: 3, signs: { ...signs, backslashes: { ...escapes, breaking: 1 } } } },
      [],
      [],
    ],
    ['names of folders', { diff: { signs: { ...signs, backslashes: { ...escapes, plain: 50 } } } }, [], []],
    [
      'only doubled ones',
      { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 0, doubled: 500 } } } },
      [],
      ['BACKSLASHES'],
    ],
    [
      'doubled ones beside \\N',
      { diff: { signs: { ...signs, backslashes: { ...escapes, breaking: 0, doubled: 500, nulls: 1 } } } },
      ['BACKSLASHES'],
      [],
    ],
    [
      'a limit of the feed file',
      { diff: { signs: { ...signs, backslashes: escapes } }, guards: { backslashes: '2%' } },
      [],
      [],
    ],
    [
      'which only warns',
      { diff: { signs: { ...signs, backslashes: escapes } }, guards: { backslashes: { severity: 'warn' } } },
      [],
      ['BACKSLASHES'],
    ],
    [
      'files that end otherwise',
      { diff: { signs: { ...signs, endings: { base: ['ended'], next: ['unended'] } } } },
      [],
      ['FILE_ENDINGS'],
    ],
    [
      'a record longer than usual',
      {
        diff: { signs: { ...signs, longest: { bytes: 3000, lines: 40 } } },
        past: nights(9, () => ({ recordBytes: 90, recordLines: 1 })),
      },
      [],
      ['RECORD_BYTES', 'RECORD_LINES'],
    ],
    [
      'a little longer',
      {
        diff: { signs: { ...signs, longest: { bytes: 200, lines: 3 } } },
        past: nights(9, () => ({ recordBytes: 90, recordLines: 1 })),
      },
      [],
      [],
    ],
    ['longer than the feed file allows', { diff: { signs }, guards: { longest_record: 80 } }, ['RECORD_BYTES'], []],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });

  test('in words, with the place', () => {
    const { holds } = judged({ diff: { signs: { ...signs, swallowed: [{ ...place, column: 'name' }] } } });
    expect(explainHold(holds[0]!)).toMatch(
      /^2 field\(s\) of "name" .* "t.csv", record 7 at byte 120 .*contains_records: true/,
    );
  });

  test('the message about escapes says what reads them, and what keeps them text', () => {
    const { holds } = judged({ diff: { signs: { ...signs, backslashes: escapes } } });
    expect(explainHold(holds[0]!)).toMatch(/`format\.escape` to "\\\\", or to mysql or copy .*`guards\.backslashes`/);
  });
});
