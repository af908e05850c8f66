import { CreateDatabaseCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import { glueCatalog } from '../../lib/aws/glue-catalog.ts';
import { columnsOf, feedSchema } from '../../lib/feed-file/feed.ts';
import { describeAws } from '../support/aws/aws.ts';

const feed = feedSchema.parse({
  feed: 'shop',
  source: { folder: '.' },
  tables: {
    items: {
      files: '*.csv',
      columns: {
        Id: { type: 'bigint', key: true },
        price: 'decimal(12,2)',
        at: 'timestamptz',
        code: 'uuid',
        n: 'integer',
      },
    },
  },
});
const columns = columnsOf(feed.tables.items!);

await describeAws('the Glue Data Catalog', ['ministack'], (aws) => {
  const client = new GlueClient(aws.client);

  test('shows one delivery after the other, columns and files together', async () => {
    const database = `nightfeed_catalog_${process.pid}`;
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
    const catalog = glueCatalog({ client, database, bucket: 'the-lake' });
    const shown = async () =>
      (await client.send(new GetTableCommand({ DatabaseName: database, Name: 'items' }))).Table!;

    await catalog.show({
      name: 'items',
      columns: columns.slice(0, 4),
      folder: 'current/a/',
      delivery: 'shop/2026-11-20',
    });
    expect((await shown()).StorageDescriptor).toMatchObject({
      Location: 's3://the-lake/current/a/',
      Columns: [
        { Name: 'id', Type: 'bigint' },
        { Name: 'price', Type: 'decimal(12,2)' },
        { Name: 'at', Type: 'timestamp' },
        { Name: 'code', Type: 'string' },
      ],
    });

    await catalog.show({ name: 'items', columns, folder: 'current/b/', delivery: 'shop/2026-11-21' });
    const { StorageDescriptor, Parameters } = await shown();
    expect(StorageDescriptor?.Location).toBe('s3://the-lake/current/b/');
    expect(StorageDescriptor?.Columns).toHaveLength(5);
    expect(Parameters?.nightfeed_delivery).toBe('shop/2026-11-21');
  });

  test('says what the catalog says when it refuses', async () => {
    const catalog = glueCatalog({ client, database: 'nobody_made_it', bucket: 'the-lake' });
    await expect(catalog.show({ name: 'items', columns, folder: 'x/', delivery: 'd' })).rejects.toMatchObject({
      name: 'CATALOG_UNAVAILABLE',
      message: expect.stringContaining('nobody_made_it.items'),
    });
  });
});
