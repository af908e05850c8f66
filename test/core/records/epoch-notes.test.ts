import { expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { epochNotes } from '../../../lib/core/records/epoch-notes.ts';
import { parseFeed } from '../../support/parse-feed.ts';

function notes(epoch: string, ...values: string[]) {
  const columns = { id: { type: 'bigint', key: true }, at: { type: 'timestamp', epoch } };
  const feed = JSON.stringify({ feed: 'lab', source: { folder: '.' }, tables: { t: { files: '*', columns } } });
  const table = parseFeed(feed, 'feed.yaml').tables.t!;
  const data = Buffer.from(values.map((value, index) => `${index},${value}\n`).join(''));
  const head = { header: ['id', 'at'], recordEnd: '\n' as const };
  return epochNotes(data, head, readingSpecOf(table).format, deliveredColumnsOf(table));
}

test.each([
  ['seconds as milliseconds', 'ms', ['1767261600', '', '1767261601', '0']],
  ['milliseconds as microseconds', 'us', ['1767261600000']],
  ['seconds as microseconds', 'us', ['1767261600', 'x']],
  ['days as seconds', 's', ['20454', '20455']],
])('%s are noted', (_about, epoch, values) => {
  expect(notes(epoch, ...values)).toEqual([
    expect.stringMatching(/^the first values of "?at"? all fall into 1970, such as "?\d+"? as 1970-01-/),
  ]);
});

test.each([
  ['the declared unit', 'ms', ['1767261600000']],
  ['one later than 1970', 'ms', ['5', '1767261600', '1767261600000']],
  ['zeros and nothing else', 'ms', ['0', '', '0.0']],
  ['what cannot be read', 's', ['1767261600000', 'x']],
])('%s is not', (_about, epoch, values) => {
  expect(notes(epoch, ...values)).toEqual([]);
});
