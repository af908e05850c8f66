import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../../lib/local/file-lock.ts';

/**
 * Hadoop's S3 file system of pyspark 4.1.1 and the SDK that it was built with, without its bundle of all services, which has
 * 600 MB: what Ivy resolves for hadoop-aws 3.4.2 and the s3, s3-transfer-manager and sts of the SDK 2.29.52. A line is a
 * SHA-256 and a path in Maven Central, as sha256sum writes them.
 */
const JARS = new URL('./hadoop-aws.sha256', import.meta.url);
const ORIGIN = 'https://repo1.maven.org/maven2/';
const HOME = fileURLToPath(new URL('../../../node_modules/.cache/nightfeed/', import.meta.url));

/** Spark's `spark.jars` for locations in S3, which Glue has by itself; fetched by the first who asks. */
export async function hadoopAws(): Promise<string> {
  const list = await readFile(JARS, 'utf8');
  const folder = join(HOME, `hadoop-aws-${sha256(list).slice(0, 12)}`);
  const finished = join(folder, 'finished');
  const locks = `${folder}.locks`;
  const jars = list
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  await mkdir(locks, { recursive: true });
  await withLock(locks, async () => {
    if (existsSync(finished)) return;
    process.stderr.write(`nightfeed tests: fetching Hadoop's S3 file system into ${folder} (once)\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await Promise.all(jars.map(([sum, path]) => fetchJar(sum, path, folder)));
    await writeFile(finished, '');
  });
  return jars.map(([, path]) => join(folder, basename(path))).join();
}

async function fetchJar(sum: string, path: string, folder: string): Promise<void> {
  const answer = await fetch(ORIGIN + path);
  if (!answer.ok) throw new Error(`${ORIGIN}${path} answers ${answer.status}`);
  const jar = Buffer.from(await answer.arrayBuffer());
  if (sha256(jar) !== sum) throw new Error(`${path} has the SHA-256 ${sha256(jar)}, expected ${sum}`);
  await writeFile(join(folder, basename(path)), jar);
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
