import { NightfeedError } from '../../../lib/core/errors.ts';
import { checkKeep } from '../../../lib/core/feed/spec/checks/keep-checks.ts';
import { type Keep, keep } from '../../../lib/core/feed/spec/keep.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { type AskedFeed, feedsIn, lakeOf } from '../../../lib/workflows/lake/lake.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import type { Concern } from '../home/home.ts';
import { reportLake } from '../output/lake-report.ts';

export interface LakeOptions {
  readonly keep?: readonly string[];
}

/** Shows what the lake holds of these feeds, by default of all. A feed is named by its file, whose `keep` counts, or by its name. */
export async function lake(cli: Cli, names: readonly string[], options: LakeOptions): Promise<number> {
  const tried = options.keep && keepOf(options.keep);
  const asked: AskedFeed[] = [];
  let concern: Concern | undefined;
  for (const name of names) {
    const isName = /^[a-z][a-z0-9-]{0,39}$/.test(name);
    const file = isName ? null : await readFeedFile(name, feedSchema(cli.wings));
    const feed = file?.feed.feed ?? name;
    concern ??= { feed, ...(file ? { folder: file.folder } : {}) };
    asked.push({ feed, keep: tried ?? file?.feed.keep });
  }
  const { ports, close } = await openWorkplace(cli, concern);
  try {
    const present = await feedsIn(ports);
    const unknown = asked.find(({ feed }) => !present.includes(feed));
    if (unknown)
      throw new NightfeedError(
        'USAGE',
        `this lake has no feed ${unknown.feed}; it has ${present.join(', ') || 'none'}`,
      );
    const all = names.length > 0 ? asked : present.map((feed) => ({ feed, keep: tried }));
    return reportLake(cli.output, await lakeOf(all, ports));
  } finally {
    await close();
  }
}

/** `landing=30d changes=400d` as the limits of a feed file. Throws USAGE. */
function keepOf(texts: readonly string[]): Keep {
  const given = Object.fromEntries(texts.map((text) => text.split('=', 2) as [string, string]));
  const { data, error } = keep.safeParse(given);
  const complaints = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  if (data)
    checkKeep({ keep: data }, { addIssue: ({ path, message }) => complaints.push(`${path.join('.')}: ${message}`) });
  if (data && complaints.length === 0) return data;
  throw new NightfeedError(
    'USAGE',
    `--keep: expected zones with days, such as landing=30d changes=400d, received ${texts.join(' ')}: ${complaints.join('; ')}`,
  );
}
