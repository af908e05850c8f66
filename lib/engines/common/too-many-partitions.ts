import { NightfeedError } from '../../core/errors.ts';
import { MAX_PARTITIONS } from '../../core/sql/plans/stored-rows.ts';

export function tooManyPartitions(table: string, found: number, by: readonly string[]): NightfeedError {
  const [partitions, allowed] = [found, MAX_PARTITIONS].map((count) => count.toLocaleString('en'));
  return new NightfeedError(
    'TOO_MANY_PARTITIONS',
    `${table}: ${partitions} partitions by ${by.join(', ')}; at most ${allowed} are allowed`,
  );
}
