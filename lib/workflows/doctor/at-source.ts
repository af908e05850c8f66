import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import type { ReadingPorts } from '../sample/first-records.ts';

export type SourcePorts = Pick<Ports, 'openSource' | 'now' | 'elapsed' | 'say' | 'sleep'> & ReadingPorts;

/** Opens the feed's source for a date; whoever gave this function closes it. */
export type Open = (date: BusinessDate) => Promise<Source>;

/** The files of one date, where they are. */
export interface DatedFiles {
  readonly source: Source;
  readonly date: BusinessDate;
  readonly files: readonly ArrivedFile[];
}
