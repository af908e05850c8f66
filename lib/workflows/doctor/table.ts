import { shownSize } from '../../core/shown-size.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Engine } from '../../ports/engine.ts';
import type { ReadingPorts, SampledRecord } from '../sample/first-records.ts';
import { sampleFile } from '../sample/sample.ts';
import type { Seen } from './area.ts';
import type { DatedFiles } from './at-source.ts';
import type { DoctorRequest } from './request.ts';

/** Records of each table that are read. */
const MOST = 100;
/** Some formats can only be read when all of a file has come. A larger one is left to the night. */
const MOST_KEPT_BYTES = 64_000_000;

/** Opens the first file of a table in its format, and reads its first records with the meaning of the night. */
export async function lookAtTable(
  table: string,
  { feed, feedFile }: DoctorRequest,
  { source, date, files }: DatedFiles,
  { formats, engine }: ReadingPorts,
): Promise<Seen<true>> {
  const [first, ...others] = files.filter((file) => file.table === table);
  if (!first)
    return { found: `${table} has no file of ${date} to look into`, hint: 'Ask again when it has one.', value: true };
  let isTooLarge = false;
  const keepLocally: Engine['keepLocally'] = async (bytes, size) => {
    isTooLarge = size > MOST_KEPT_BYTES;
    if (isTooLarge) throw new Error('it is left to the night');
    return engine.keepLocally(bytes, size);
  };
  const sample = `nightfeed sample ${feedFile} --table ${table} --date ${date}`;
  try {
    const spec = feed.tables[table]!;
    const { file, records } = await sampleFile(
      source,
      first,
      { spec, most: MOST },
      { formats, engine: { keepLocally } },
    );
    const of = `${excerpt(file)}${others.length > 0 ? ` (the first of ${others.length + 1} files)` : ''}`;
    return { ...judged(records, `${table}: ${of}`, sample), value: true };
  } catch (thrown) {
    if (!isTooLarge) throw thrown;
    const found = `${table}: ${excerpt(first.name)} was not opened, because its format is read only when all ${shownSize(first.size)} have come`;
    return { found, hint: `To look into it all the same:\n${sample}`, value: true };
  }
}

function judged(records: readonly SampledRecord[], what: string, sample: string): Pick<Seen<true>, 'found' | 'hint'> {
  if (records.length === 0)
    return {
      found: `${what} has its columns, but no records`,
      hint: 'A night without rows is refused or held; ask the vendor.',
    };
  const rejected = Map.groupBy(
    records.flatMap(({ code }) => (code === null ? [] : [code])),
    (code) => code,
  );
  const first = records.length === 1 ? 'its first record' : `its first ${records.length} records`;
  if (rejected.size === 0) return { found: `${what} has its columns, and ${first} can be read` };
  const counts = [...rejected].map(([code, all]) => `${all.length} ${code}`).join(', ');
  return { found: `${what}: of ${first} a night would reject ${counts}`, hint: `Look at them:\n${sample}` };
}
