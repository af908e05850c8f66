import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { nightfeed } from '../../support/nights/command-line.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';

const analyze = '/usr/bin/systemd-analyze';

const feedText = (schedule: string) => `feed: shop
source: {folder: "inbox/{date}"}
ready: {stable: 0s}
tables: {items: {files: items.csv, columns: {id: {type: bigint, key: true}}}}
${schedule === '' ? '' : `schedule: ${schedule}`}
`;

/** A feed of its own, whose night begins in this zone at this time. */
async function desk(schedule: string) {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed schedule-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const feedFile = join(folder, 'feed.yaml');
  await writeFile(feedFile, feedText(schedule));
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const env = { NIGHTFEED_DATABASE_URL: database.url };
  const files = async (...args: string[]) => {
    const ended = await nightfeed(['schedule', feedFile, ...args, '--json'], env, folder);
    expect(ended.code, ended.stderr).toBe(0);
    return (JSON.parse(ended.stdout) as { files: { path: string; content: string }[] }).files;
  };
  return { folder, feedFile, env, files };
}

/** Today's delivery, and the time at which a night began just now, in UTC. */
async function deliverToday(folder: string, now = new Date()): Promise<string> {
  const day = join(folder, 'inbox', now.toISOString().slice(0, 10));
  await mkdir(day, { recursive: true });
  await writeFile(join(day, 'items.csv'), 'id\n1\n');
  await utimes(join(day, 'items.csv'), new Date('2026-01-01'), new Date('2026-01-01'));
  return now.toISOString().slice(11, 16);
}

test.skipIf(!existsSync(analyze))(
  'systemd takes the units, and runs every night once, on days that skip its time too',
  async () => {
    const { folder, files } = await desk('{at: "02:30", timezone: Europe/Berlin, days: [fri-mon]}');
    const units = await files('--systemd');
    expect(units.map(({ path }) => path)).toEqual([
      '/etc/systemd/system/nightfeed-shop.service',
      '/etc/systemd/system/nightfeed-shop.timer',
    ]);
    for (const { path, content } of units) await writeFile(join(folder, basename(path)), content);
    const verified = execFileSync(analyze, ['verify', ...units.map(({ path }) => join(folder, basename(path)))], {
      stdio: 'pipe',
    });
    expect(verified.toString()).toBe('');
    const moments = units[1]!.content.match(/(?<=^OnCalendar=).*/gm)!.flatMap((calendar) =>
      [
        ...execFileSync(analyze, ['calendar', '--base-time=2027-03-25 00:00:00 UTC', '--iterations=4', calendar])
          .toString()
          .matchAll(/2027-03-\d\d \d\d:\d\d/g),
      ].map(String),
    );
    // From Friday to Monday, by the clocks of Berlin: UTC+1, from Sunday on UTC+2. On Sunday they skip 02:30.
    expect([...new Set(moments)].sort()).toEqual([
      '2027-03-26 01:30',
      '2027-03-27 01:30',
      '2027-03-28 01:30',
      '2027-03-29 00:30',
    ]);
  },
);

test('cron’s line runs the night in an empty environment and another folder, at its time and not at another', async () => {
  const { folder, feedFile, env, files } = await desk('{at: "00:00", timezone: UTC}');
  const at = await deliverToday(folder);
  const night = async (begins: string) => {
    await writeFile(feedFile, feedText(`{at: "${begins}", timezone: UTC}`));
    const [unit] = await files('--cron');
    const command = unit!.content
      .trimEnd()
      .split('\n')
      .at(-1)!
      .replace(/^\S+ \* \* \* \* \S+ /, '')
      .replaceAll('\\%', '%');
    // What cron gives it, and what the environment file would.
    return execFileSync(
      '/bin/sh',
      ['-c', `export NIGHTFEED_DATABASE_URL='${env.NIGHTFEED_DATABASE_URL}'; ${command}`],
      { cwd: '/', env: {}, stdio: 'pipe' },
    ).toString();
  };
  const later = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(11, 16);
  expect(await night(later)).toBe('');
  expect(await night(at)).toContain('published');
});

test('a CronJob of Kubernetes has the zone, the days, and what is not tried again', async () => {
  const { files } = await desk('{at: "02:30", timezone: Europe/Berlin, days: [mon-fri]}');
  const [{ path, content }] = (await files('--k8s', 'registry/nightfeed:1')) as [{ path: string; content: string }];
  expect(path).toBe('nightfeed-shop.yaml');
  const { apiVersion, kind, spec } = parse(content);
  expect([apiVersion, kind]).toEqual(['batch/v1', 'CronJob']);
  // No Friday or Monday skips 02:30, only a Sunday does.
  expect(spec).toMatchObject({
    schedule: '30 2 * * MON,TUE,WED,THU,FRI',
    timeZone: 'Europe/Berlin',
    concurrencyPolicy: 'Forbid',
  });
  const { backoffLimit, podFailurePolicy, template } = spec.jobTemplate.spec;
  expect([backoffLimit, podFailurePolicy.rules[0].onExitCodes.values]).toEqual([6, [2, 3, 4, 5]]);
  expect(template.spec.containers[0]).toMatchObject({
    image: 'registry/nightfeed:1',
    args: ['run', '/etc/nightfeed/feed.yaml', '--scheduled'],
  });

  const daily = await desk('{at: "02:30", timezone: Europe/Berlin}');
  const [other] = await daily.files('--k8s', 'x');
  expect(parse(other!.content).spec.schedule).toBe('30 2,3 * * *');
});

test('without a schedule, or without a program for it, nothing is printed', async () => {
  const { feedFile, folder, env } = await desk('');
  for (const args of [['--cron'], []]) {
    const ended = await nightfeed(['schedule', feedFile, ...args], env, folder);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
  }
});

test('on a holiday the timer’s run says that nothing is expected and ends well; a delivery is welcome all the same', async () => {
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const { folder, feedFile, env } = await desk(`{at: "00:00", timezone: UTC, deadline: "23:59", holidays: [${today}]}`);
  for (const minutes of [[], ['1440']]) {
    const ended = await nightfeed(['run', feedFile, '--scheduled', ...minutes], env, folder);
    expect([ended.code, ended.stdout]).toEqual([0, `shop: ${today} is a holiday; nothing is expected today\n`]);
  }
  const json = await nightfeed(['run', feedFile, '--scheduled', '--json'], env, folder);
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, { run: null, state: null }]);

  // It does not wait for the deadline.
  expect(await nightfeed(['run', feedFile, '--date', today], env, folder)).toMatchObject({ code: 4 });
  await deliverToday(folder, now);
  expect(await nightfeed(['run', feedFile, '--date', today], env, folder)).toMatchObject({ code: 0 });
});
