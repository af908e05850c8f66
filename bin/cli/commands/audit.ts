import { sameFingerprint, showFingerprint } from '../../../lib/core/diff/fingerprint.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { readFeedFile } from '../../../lib/feed-file/yaml.ts';
import { openWorkplace } from '../compose.ts';
import type { Output } from '../output/output.ts';

export async function audit(output: Output, path: string): Promise<number> {
  const { feed, folder } = await readFeedFile(path, feedSchema);
  const { ports, close } = await openWorkplace(output, { feed: feed.feed, folder });
  try {
    const audited = (await ports.ledger.exists()) ? await ports.target.audit(feed.feed) : [];
    const tables = audited.map((row) => ({
      ...row,
      agrees: sameFingerprint(row.expected, row.found),
    }));
    output.answer({ feed: feed.feed, tables });
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
    return tables.every((row) => row.agrees) ? 0 : 1;
  } finally {
    await close();
  }
}
