import { followedFiles } from '../../core/delivery/candidate.ts';
import { pickFiles } from '../../core/delivery/picking.ts';
import { wantedNames } from '../../core/delivery/wanted.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { Feed, Table } from '../../core/feed/spec.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { withContent } from './content.ts';
import { firstRecords, type ReadingPorts, type SampledRecord } from './first-records.ts';

export interface SampleRequest {
  readonly feed: Feed;
  readonly date: BusinessDate;
  /** Only this table. */
  readonly table: string | null;
  /** Records of each table. */
  readonly most: number;
}

/** The first records of a table's first file, as the night would read them. */
export interface SampledTable {
  readonly table: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly records: readonly SampledRecord[];
}

export type SamplePorts = Pick<Ports, 'openSource'> & ReadingPorts;

/**
 * Reads the beginning of the delivery of a date, and touches neither ledger nor lake. Throws LATE for a table without a file, and
 * what a night throws for a file that it refuses.
 */
export async function sample({ feed, date, table, most }: SampleRequest, ports: SamplePorts): Promise<SampledTable[]> {
  if (table !== null && !Object.hasOwn(feed.tables, table))
    throw new NightfeedError('USAGE', `the feed has no table ${table}; it has ${Object.keys(feed.tables).join(', ')}`);
  const source = await ports.openSource(feed, date);
  try {
    const listed = await source.list(wantedNames(feed, date));
    const { files } = pickFiles(feed, date, followedFiles(feed, date, listed));
    const found: SampledTable[] = [];
    for (const [name, spec] of Object.entries(feed.tables).filter(([each]) => table === null || each === table)) {
      const file = files.find((each) => each.table === name);
      if (!file)
        throw new NightfeedError('LATE', `${source.place} has no file of ${name} for ${date}; expected ${spec.files}`);
      found.push(await sampleFile(source, file, { spec, most }, ports));
    }
    return found;
  } finally {
    await source.close();
  }
}

/** The first records of one file. Throws what a night throws for a file that it refuses. */
export function sampleFile(
  source: Source,
  file: ArrivedFile,
  { spec, most }: { readonly spec: Table; readonly most: number },
  ports: ReadingPorts,
): Promise<SampledTable> {
  return withContent(source, file, async (content) => ({
    table: file.table,
    file: content.name,
    ...(await firstRecords(content, spec, most, ports)),
  }));
}
