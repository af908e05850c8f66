import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pack } from './packed-folder.ts';
import { deliver, nightsBefore, writeFeeds } from './scenario.ts';

/** `node test/upgrade/make.ts CHECKOUT DATABASE_URL`; see README.md beside this. */
const [checkout, url] = process.argv.slice(2);
if (checkout === undefined || url === undefined) throw new Error('usage: make.ts CHECKOUT DATABASE_URL');
const commit = execFileSync('git', ['-C', checkout, 'rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' }).trim();
const into = resolve(import.meta.dirname, commit);
const folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
const home = join(folder, 'home');
await writeFeeds(folder);
for (const night of nightsBefore) {
  await deliver(folder, night);
  const { status, stdout, stderr } = spawnSync(
    join(checkout, 'node_modules/.bin/node'),
    [join(checkout, 'bin/nightfeed.ts'), 'run', join(folder, `${night.feed}.yaml`), '--date', night.date],
    {
      env: { PATH: process.env.PATH, HOME: folder, NIGHTFEED_HOME: home, NIGHTFEED_DATABASE_URL: url },
      encoding: 'utf8',
    },
  );
  console.log(`${night.feed}/${night.date} ended with ${status}\n${stdout}${stderr}`);
}
const dump = execFileSync('pg_dump', ['--inserts', '--no-owner', '--no-privileges', url], { encoding: 'utf8' });
await mkdir(into, { recursive: true });
// Commands of psql are no SQL, comments say nothing, and the schema `public` is there.
const lines = dump.split('\n').filter((line) => !/^(\\|--|$|CREATE SCHEMA public)/.test(line));
const text = lines.join('\n').replaceAll(folder, '{folder}').replaceAll(hostname(), 'host');
await writeFile(join(into, 'database.sql'), `${text}\n`);
await pack(home, join(into, 'home.json.zst'));
await rm(folder, { recursive: true });
