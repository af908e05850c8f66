import { followedFiles } from '../../core/delivery/candidate.ts';
import { Neighbours } from '../../core/delivery/near-miss.ts';
import { type Readiness, readinessOf } from '../../core/delivery/readiness.ts';
import { bytesOf } from '../../core/delivery/size.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import { shownSize } from '../../core/shown-size.ts';
import { excerpts } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { readDeliveryManifest } from '../../steps/arrival/manifest.ts';
import type { Seen } from './area.ts';
import type { DatedFiles, Open, SourcePorts } from './at-source.ts';
import { DAYS_BACK, newestWithFiles } from './newest.ts';
import type { DoctorRequest } from './request.ts';

interface Reached {
  readonly source: Source;
  readonly listed: readonly SourceFile[];
}

/** The delivery of the date; where it is not there, that of the newest date that has a file. Throws LATE when there is none. */
export async function lookForDelivery(
  request: DoctorRequest,
  { source, listed }: Reached,
  open: Open,
  ports: SourcePorts,
): Promise<Seen<DatedFiles>> {
  const { feed, date } = request;
  const followed = followedFiles(feed, date, listed);
  const promised = await readDeliveryManifest(request, source, followed, ports);
  const seen = readinessOf(feed, date, { listed: followed, promised });
  if (seen.kind !== 'absent') {
    const { files, missing } = seen.receipt;
    const found = `the delivery of ${date} is there: ${shownFiles(files)}`;
    const value = { source, date, files };
    if (missing === 0) return { found, value };
    return {
      found: `${found}; \`expect\` asks for ${feed.expect} files`,
      hint: 'A night with fewer files is held.',
      value,
    };
  }
  const newest = await newestWithFiles(request, open);
  const where = await around(source, seen);
  if (!newest)
    throw new NightfeedError(
      'LATE',
      `${date}: ${seen.reason}, nor any file of the ${DAYS_BACK} days before; we looked in ${source.place}${where}`,
      { hint: `Correct \`source\` or \`files\` in ${request.feedFile}; or ask again when the vendor has delivered.` },
    );
  return {
    found: `${date}: ${seen.reason}; the newest date with files is ${newest.date}: ${shownFiles(newest.files)}`,
    hint: `Ask again when ${date} is delivered, or look at another date with --date. We looked in ${source.place}${where}.`,
    value: newest,
  };
}

/** What lies there instead; nothing when that cannot be listed now. */
async function around(source: Source, { missed }: Extract<Readiness, { kind: 'absent' }>): Promise<string> {
  const neighbours = new Neighbours(missed);
  return source
    .around((neighbour) => neighbours.see(neighbour))
    .then(
      (exists) => `, ${neighbours.explain(exists)}`,
      () => '',
    );
}

function shownFiles(files: readonly ArrivedFile[]): string {
  const names = [...new Set(files.map(({ name }) => name))];
  return `${excerpts(names, { told: 3 })} (${shownSize(bytesOf(files))})`;
}
