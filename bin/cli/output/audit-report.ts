import { showFingerprint } from '../../../lib/core/diff/fingerprint.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import type { Audit } from '../../../lib/workflows/audit.ts';
import { type NightsRun, nextAfter } from '../../../lib/workflows/lake-fit.ts';
import type { Output } from './output.ts';

/** What an audit found. Exit code 1 where somebody has something to do. */
export function reportAudit(output: Output, { feed, tables, fit }: Audit, where: NightsRun): number {
  const next = nextAfter(fit, where, tables.length === 0);
  const lake = { here: fit.other === null, lost: fit.lost, ahead: fit.ahead.map(runName), next };
  output.answer({ feed, tables, lake });
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
}
