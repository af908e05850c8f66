import { parseRunName } from '../../../lib/core/run/keys.ts';
import type { WantedLines } from '../../../lib/core/run/log-line.ts';
import { runLog } from '../../../lib/workflows/run-log.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';
import { reportLog } from '../output/log-report.ts';

/** What the processes of a run told. The database is not asked. */
export async function logs(cli: Cli, run: string, wanted: WantedLines): Promise<number> {
  const { ports, close } = await openWorkplace(cli, { feed: parseRunName(run)?.feed }, { database: 'perhaps' });
  try {
    return reportLog(cli.output, await runLog(run, wanted, ports));
  } finally {
    await close();
  }
}
