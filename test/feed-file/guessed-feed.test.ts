import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { guessedFeedText } from '../../lib/feed-file/guessed-feed.ts';

test('no name of a vendor becomes YAML of its own', () => {
  const evil = 'a"\n  b: {x}: # \u2028 }';
  const text = guessedFeedText({
    feed: 'shop',
    source: { folder: evil },
    samples: [evil],
    tables: [
      {
        name: 't',
        files: evil,
        pick: { value: 'only', reason: evil },
        format: { trailer: evil },
        formatReasons: ['its records have 1 fields'],
        columns: [{ name: evil, from: evil, type: 'text', options: { nulls: [evil] } }],
        key: { columns: [evil], reason: 'no value comes twice' },
        guards: [{ name: 'rows', limit: ['-10%', '+50%'], reason: evil }],
        rows: 1,
      },
    ],
  });
  expect(parse(text)).toEqual({
    feed: 'shop',
    source: { folder: evil },
    ready: { stable: '5s' },
    tables: {
      t: {
        files: evil,
        pick: 'only',
        format: { trailer: evil },
        columns: { [evil]: { type: 'text', key: true, from: evil, nulls: [evil] } },
        on_delete: 'retain',
        guards: { rows: ['-10%', '+50%'] },
      },
    },
  });
});
