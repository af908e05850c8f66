import { expect, test } from 'vitest';
import { warningsOf } from '../../../../lib/core/feed/warnings/warnings.ts';
import { feedSchema } from '../../../../lib/feed-file/feed.ts';
import { formats } from '../../../../lib/formats/index.ts';

const feedOf = (source: object, ready: object) =>
  feedSchema.parse({
    feed: 'shop',
    source,
    ready,
    tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } } },
  });
const s3 = (path: string) => ({ s3: { bucket: 'vendor', path } });
const noDate = expect.stringMatching(/^ready.marker: "_SUCCESS" has no date, nor has the path of the source/);

test.each([
  [{ folder: 'in' }, { marker: '_SUCCESS' }, [noDate]],
  [{ ftp: { host: 'h' } }, { marker: '_SUCCESS' }, [noDate]],
  [s3('out'), { marker: '_SUCCESS' }, [noDate]],
  [{ folder: 'in/{date}' }, { marker: '_SUCCESS' }, []],
  [{ ftp: { host: 'h', path: '/{yyyymmdd}' } }, { marker: '_SUCCESS' }, []],
  [s3('out/{date}'), { marker: '_SUCCESS' }, []],
  [{ folder: 'in' }, { marker: 'done_{yyyymmdd}' }, []],
  [{ folder: 'in' }, {}, []],
])('source %j with %j', (source, ready, warnings) => {
  expect(warningsOf(feedOf(source, ready), formats)).toEqual(warnings);
});
