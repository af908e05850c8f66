import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { s3Store } from '../../lib/stores/s3/s3.ts';
import { describeAws } from '../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../support/aws/bucket.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { describeEngines } from '../support/engines/engines.ts';

const golden = (name: string) => parse(readFileSync(new URL(`../golden/${name}.yaml`, import.meta.url), 'utf8'));

await describeAws('the engine with a lake in S3', ['localstack'], (aws) => {
  let bucket: Bucket;
  let lab: EngineLab;

  beforeAll(async () => {
    bucket = await freshBucket(aws);
    lab = await EngineLab.open({ store: s3Store(bucket.name, aws.client) });
  });

  afterAll(async () => {
    await lab.close();
    await bucket.remove();
  });

  /** Below the engine's scratch folder: what the work left, beside DuckDB's own folders and Spark's. */
  const left = () =>
    readdirSync(lab.scratch)
      .flatMap((name) => readdirSync(join(lab.scratch, name)))
      .filter((name) => !/^((blockmgr|spark)-|spill$)/.test(name));

  describeEngines(['duckdb', 'lockstep', 'spark'], (engine) => {
    test.each(['rows/changes', 'rows/rejected-keeps-last-good'])(
      '%s is what the oracle says, and no copy stays',
      async (name) => {
        const { table, nights } = golden(name);
        lab.reset();
        for (const { file } of nights) {
          const { found, expected, receipt } = await lab.night(table, file, engine);
          expect(found).toEqual(expected);
          if (engine === 'spark') expect(receipt.tables.t!.engine).toBe(engine);
        }
        expect(left()).toEqual([]);
      },
    );
  });

  test('changes as COPY text', async () => {
    lab.reset();
    const table = { files: 't.csv', columns: { sku: { type: 'text', key: true }, price: 'integer' } };
    const { columns } = feedSchema.parse({ feed: 'lab', source: { folder: '.' }, tables: { t: table } }).tables.t!;
    const { receipt } = await lab.night(table, 'sku,price\na,1\nb,2\n');
    const copied = await text(lab.engine.copyText([receipt.tables.t!.changes.inserted!].flat(), { columns }));

    expect(copied.split('\n').sort()).toEqual(['', 'a\t1', 'b\t2']);
    expect(left()).toEqual([]);
  });
});
