import { sameFingerprint, showFingerprint } from '../../../lib/core/diff/fingerprint.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { lakeFit, nextAfter } from '../../../lib/workflows/lake-fit.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace } from '../compose.ts';

export async function audit(cli: Cli, path: string): Promise<number> {
  const { output, wings } = cli;
  const { feed, folder } = await readFeedFile(path, feedSchema(wings));
  const { ports, close } = await openWorkplace(cli, { feed: feed.feed, folder });
  try {
    const audited = (await ports.ledger.exists()) ? await ports.target.audit(feed.feed) : [];
    const tables = audited.map((row) => ({
      ...row,
      agrees: sameFingerprint(row.expected, row.found),
    }));
    const fit = await lakeFit(feed.feed, ports);
    const next = nextAfter(fit, path, tables.length === 0);
    const lake = { here: fit.other === null, lost: fit.lost, ahead: fit.ahead.map(runName), next };
    output.answer({ feed: feed.feed, tables, lake });
    for (const { table, expected, found, agrees } of tables) {
      output.print(
        `  ${table}  ${agrees ? output.paint('green', 'agrees') : output.paint('red', 'differs')}  ${showFingerprint(found)}`,
      );
      if (!agrees)
        output.print(
          `  ${' '.repeat(table.length)}  the ledger says ${showFingerprint(expected)}: somebody else changed the table`,
        );
    }
    if (tables.length === 0) output.print('Nothing is published yet.');
    for (const line of next) output.print(line);
    return tables.every((row) => row.agrees) && lake.here && lake.ahead.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
}
