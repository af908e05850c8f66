import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { businessDateAt } from '../../../lib/core/feed/business-date.ts';
import { reachOf } from '../../../lib/core/feed/reach.ts';
import { feedSecrets } from '../../../lib/core/feed/secrets.ts';
import { type Feed, feedSchema } from '../../../lib/core/feed/spec.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { type Check, failedCheck } from '../../../lib/workflows/doctor/area.ts';
import { doctor as examine, examineSurroundings } from '../../../lib/workflows/doctor/doctor.ts';
import type { DoctorRequest } from '../../../lib/workflows/doctor/request.ts';
import type { Cli } from '../cli.ts';
import { checkEngine, openWorkplace, sourceOpener } from '../compose.ts';
import { printCheck, reportChecks } from '../output/check-report.ts';
import { readSecret } from './secrets.ts';

export interface DoctorOptions {
  readonly date?: string;
}

/** Looks at everything that a night of the feed needs, and says of each what it found and what to do. */
export async function doctor(cli: Cli, path: string, options: DoctorOptions): Promise<number> {
  const { output, wings } = cli;
  const checks: Check[] = [];
  const tell = (check: Check) => {
    checks.push(check);
    printCheck(output, check);
  };
  const file = await readFeedFile(path, feedSchema(wings)).catch(asNightfeedError);
  if (file instanceof NightfeedError) {
    tell(failedCheck('feed', file));
    return reportChecks(output, { feed: null, date: null, path, checks });
  }
  const { feed, folder } = file;
  const request: DoctorRequest = {
    feed,
    date: options.date ?? businessDateAt(feed, new Date()),
    feedFile: path,
    reach: reachOf(feed, wings.sources),
    secrets: feedSecrets(feed, wings).map(({ reference }) => reference),
  };
  const workplace = await openWorkplace(cli, { feed: feed.feed, folder }, { database: 'perhaps' }).catch(
    asNightfeedError,
  );
  if (workplace instanceof NightfeedError) {
    await examineSurroundings(request, homeless(cli, folder, workplace), tell);
    tell(failedCheck('lake', workplace));
  } else {
    try {
      const more = { readSecret, requireEngine: (of: Feed) => checkEngine(of, wings) };
      await examine(request, { ...workplace.ports, ...more }, tell);
    } finally {
      await workplace.close();
    }
  }
  return reportChecks(output, { feed: feed.feed, date: request.date, path, checks });
}

/** What can be looked at where the folder of everything local cannot be used. */
function homeless({ output, wings }: Cli, folder: string, why: NightfeedError) {
  return {
    formats: wings.formats,
    openSource: sourceOpener(wings, { folder }),
    engine: { keepLocally: () => Promise.reject(why) },
    readSecret,
    now: () => new Date(),
    elapsed: () => performance.now(),
    sleep: async () => {},
    say: (text: string) => output.say(text),
  };
}
