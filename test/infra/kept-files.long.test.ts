import { expect, test } from 'vitest';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { appOf, cloudFeed, resourcesOf, sparkFeed, templatesOf } from './synthesised.ts';

const [name, table] = Object.entries(cloudFeed.tables)[0]!;
const asParquet = (feed: Feed): Feed => ({
  ...feed,
  tables: { ...feed.tables, [name]: { ...table, format: { type: 'parquet' } } },
});

/** GiB of disk of the containers that pull. */
function disks(feed: Feed): unknown[] {
  const templates = Object.values(templatesOf(appOf({ feeds: [feed] })));
  const tasks = templates.flatMap((template) => resourcesOf(template, 'AWS::ECS::TaskDefinition'));
  const pulling = tasks.filter(({ Properties }) =>
    /-(pull|intake)$/.test(JSON.stringify(Properties.Family).replace(/"$/, '')),
  );
  return pulling.map(({ Properties }) => Properties.EphemeralStorage?.SizeInGiB ?? 'the 20 that every task has');
}

test('where files lie on the disk while they are read, what pulls has one that holds them', () => {
  const [alone, shared] = [disks(sparkFeed), disks(cloudFeed)];
  expect(alone).toContain('the 20 that every task has');
  expect(disks(asParquet(sparkFeed))).toEqual(alone.map(() => 68));
  expect(disks(asParquet(cloudFeed))).toEqual(shared.map(() => 68));
});
