import { realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { todayIn } from '../../../lib/core/feed/business-date.ts';
import { feedSecrets } from '../../../lib/core/feed/secrets.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { cronLine } from '../../../lib/core/schedule/units/cron.ts';
import { cronJob } from '../../../lib/core/schedule/units/kubernetes.ts';
import { systemdUnits } from '../../../lib/core/schedule/units/systemd.ts';
import type { Starting, UnitFile } from '../../../lib/core/schedule/units/unit.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import type { Cli } from '../cli.ts';
import { homeFor } from '../home/home.ts';

export interface ScheduleOptions {
  readonly systemd?: true;
  readonly cron?: true;
  readonly k8s?: string;
}

/** Prints what starts the nights of a feed by its schedule, for a program that the machine has already. */
export async function schedule(cli: Cli, path: string, options: ScheduleOptions): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  if (!feed.schedule)
    throw new NightfeedError('FEED_INVALID', `${path} has no schedule, so nobody knows when a night begins`, {
      hint: 'Add it, such as `schedule: {at: "02:00", timezone: Europe/Berlin}`.',
    });
  if (Object.keys(options).length !== 1)
    throw new NightfeedError('USAGE', 'expected one of --systemd, --cron, --k8s IMAGE');
  const named = feedSecrets(feed, wings).flatMap(({ reference }) => /^env:(.*)$/.exec(reference)?.[1] ?? []);
  const starting: Starting = {
    feed: { ...feed, schedule: feed.schedule },
    feedFile: await realpath(resolve(path)),
    program: [process.execPath, await realpath(process.argv[1]!)],
    today: todayIn(feed, new Date()),
    user: userInfo().username,
    home: homeFor({ feed: feed.feed, folder }).path,
    variables: [...new Set([...(process.env.NIGHTFEED_DATABASE_URL ? ['NIGHTFEED_DATABASE_URL'] : []), ...named])],
  };
  const files = filesFor(starting, options);
  output.answer({ feed: feed.feed, files });
  for (const { path: place, content } of files) output.print(`# ${place}\n${content}`);
  return 0;
}

function filesFor(starting: Starting, { systemd, cron, k8s }: ScheduleOptions): UnitFile[] {
  if (systemd) return systemdUnits(starting);
  if (cron) return cronLine(starting, new Intl.DateTimeFormat().resolvedOptions().timeZone, new Date());
  const name = `nightfeed-${starting.feed.feed}`;
  const content = `# ConfigMap ${name} has feed.yaml; Secret ${name} has ${starting.variables.join(', ') || 'NIGHTFEED_DATABASE_URL'}; PersistentVolumeClaim ${name} keeps the lake.
${stringify(cronJob(starting, k8s!))}`;
  return [{ path: `${name}.yaml`, content }];
}
