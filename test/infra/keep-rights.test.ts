import { expect, test } from 'vitest';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { type ProcessName, processes } from '../../lib/core/workflow/processes.ts';
import { lakeUse } from '../../lib/infra/constructs/wing-needs.ts';
import { parseFeed } from '../support/parse-feed.ts';

const plain = parseFeed(
  `
feed: shop
source: {s3: {bucket: vendor}}
tables: {items: {files: "*.csv", columns: {id: {type: bigint, key: true}}}}
`,
  'feed.yaml',
);
const removing = (feed: Feed) =>
  (Object.keys(processes) as ProcessName[]).filter((name) =>
    lakeUse(processes[name], { feed, glueJob: null }).remove.includes('receipts/shop/'),
  );

test('only the processes that tidy may remove receipts, and only of a feed with `keep`', () => {
  expect(removing(plain)).toEqual([]);
  expect(removing({ ...plain, keep: { landing: 30 } })).toEqual(['tidy', 'release']);
  const { remove } = lakeUse(processes.tidy, { feed: { ...plain, keep: { logs: 30 } }, glueJob: null });
  expect(remove).toContain('logs/shop/');
});
