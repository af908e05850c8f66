import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../../lib/adapters/embedded-postgres/lock.ts';

/** That of pyspark 4.1.1, and the SDK that it was built with; without its bundle of all services, which has 600 MB. */
const HADOOP = '3.4.2';
const SDK = '2.29.52';
const PACKAGES = [
  `org.apache.hadoop:hadoop-aws:${HADOOP}`,
  ...['s3', 's3-transfer-manager', 'sts'].map((module) => `software.amazon.awssdk:${module}:${SDK}`),
];
const BUNDLE = 'software.amazon.awssdk:bundle';

const HOME = fileURLToPath(new URL('../../node_modules/.cache/nightfeed/', import.meta.url));
const run = promisify(execFile);

/** Spark's `spark.jars` for locations in S3, which Glue has by itself; fetched by the first who asks, with Spark's own means. */
export async function hadoopAws(python: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(HOME, `hadoop-aws-${HADOOP}`);
  const finished = join(folder, 'finished');
  const locks = `${folder}.locks`;
  await mkdir(locks, { recursive: true });
  await withLock(locks, async () => {
    if (existsSync(finished)) return;
    process.stderr.write(`nightfeed tests: fetching Hadoop's S3 file system into ${folder} (once)\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const settings = {
      'spark.master': 'local[1]',
      'spark.driver.host': '127.0.0.1',
      'spark.driver.bindAddress': '127.0.0.1',
      'spark.ui.enabled': 'false',
      'spark.jars.ivy': folder,
      'spark.jars.packages': PACKAGES.join(),
      'spark.jars.excludes': BUNDLE,
    };
    const program = `from pyspark.sql import SparkSession; SparkSession.builder.config(map=${JSON.stringify(settings)}).getOrCreate()`;
    await run(python, ['-c', program], { env: environment, cwd: folder, maxBuffer: 1 << 24 });
    await writeFile(finished, '');
  });
  const jars = join(folder, 'jars');
  return (await readdir(jars)).map((name) => join(jars, name)).join();
}
