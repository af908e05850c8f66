import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { type FeedFormat, formatKindOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { guessPattern, newestFirst, tableNameOf } from '../../core/infer/file-pattern.ts';
import { type GuessedFormat, guessFormat } from '../../core/infer/format.ts';
import { guessKind } from '../../core/infer/kind.ts';
import { type GuessedTable, guessColumns } from '../../core/infer/table.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import type { Using } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { type AllRows, sketchRows, surveyText } from './all-bytes.ts';
import { openArchive } from './archive-members.ts';
import { pickFiles } from './pick-files.ts';
import { readFiles, readSample } from './read-samples.ts';
import { type SampledBytes, sampleBytes } from './sample-bytes.ts';

export interface InitRequest {
  /** Names of the samples in the source, and of files of an earlier delivery. */
  readonly samples: readonly string[];
  readonly previous: readonly string[];
  /** Bytes of a file that are kept. */
  readonly most: number;
  /** Reads all bytes of larger files too, though it keeps no more of them. */
  readonly all?: boolean | undefined;
}

export interface InitPorts extends Using<'engine', 'keepLocally'> {
  readonly source: Source;
  /** Where the earlier files are, if they are elsewhere. */
  readonly before: Source | null;
  readonly formats: readonly FileFormat[];
  say(text: string): void;
  /** Asks a person whether the first line of a file names its columns; undefined where nobody is there or knows. */
  askHeader?(file: string, firstLine: string): Promise<boolean | undefined>;
}

/** Looks at samples and guesses the tables that they are of: one for each name without what varies in it. */
export async function guessTables(
  { samples, previous, ...much }: InitRequest,
  ports: InitPorts,
): Promise<GuessedTable[]> {
  const files = await listed(ports.source, samples);
  const earlier = ports.before ? await listed(ports.before, previous) : [];
  const plain: SourceFile[] = [];
  const packed: GuessedTable[] = [];
  for (const file of files) {
    const archive = await openArchive(ports.source, file);
    if (archive === undefined) plain.push(file);
    else {
      const { members, ignored, source } = archive;
      const tables = await guessGroups({ group: members, before: [], ...much }, { ...ports, source });
      packed.push(...tables.map((table) => ({ ...table, ignored })));
    }
  }
  return [...(await guessGroups({ group: plain, before: earlier, ...much }, ports)), ...packed];
}

async function guessGroups({ group: files, before, ...much }: Samples, ports: InitPorts): Promise<GuessedTable[]> {
  const tables: GuessedTable[] = [];
  for (const [name, group] of Map.groupBy(files, (file) => tableNameOf(file.name))) {
    const earlier = before.filter((file) => tableNameOf(file.name) === name);
    tables.push(await guessTable(name, { group, before: earlier, ...much }, ports));
  }
  return tables;
}

async function listed(source: Source, names: readonly string[]): Promise<SourceFile[]> {
  const found = await source.list((name) => names.includes(name));
  const missing = names.find((name) => !found.some((file) => file.name === name));
  if (missing === undefined) return found;
  throw new NightfeedError('USAGE', `${source.place} has no file ${excerpt(missing)}`);
}

interface Samples extends Pick<InitRequest, 'most' | 'all'> {
  readonly group: readonly SourceFile[];
  readonly before: readonly SourceFile[];
}

async function guessTable(
  name: string,
  { group, before, most, all }: Samples,
  ports: InitPorts,
): Promise<GuessedTable> {
  const { newest, parts, older } = byAge(group);
  const sample = await sampleBytes(ports.source, newest, most);
  if (sample.bytes.length === 0) throw new NightfeedError('EMPTY_FILE', `${excerpt(newest.name)} has no bytes`);
  const guess = guessKind(sample.bytes) ?? (await delimited(newest, { ...sample, all }, ports));
  const kind = formatKindOf<FileFormat>({ type: String(guess.options.type ?? ports.formats[0]!.name) }, ports.formats);
  const how = { kind, format: withDefaults(kind, guess.options), names: guess.names ?? [], engine: ports.engine };
  const first = await readSample(ports.source, newest, sample, how);
  const reading = { ...how, most, columns: first.names };
  const decimalMark = guess.options.type || (guess.options.delimiter ?? ',') === ',' ? ('.' as const) : undefined;
  const alone = guessColumns({ names: first.names, rows: first.rows, before: [], decimalMark });
  const picked = await pickFiles({ newest, parts, first, key: placesOf(alone), reading }, ports.source);
  const earlier =
    before.length > 0 && ports.before
      ? await readFiles(ports.before, before, reading)
      : await readFiles(ports.source, older, reading);
  const rows = picked.others.rows.length === 0 ? first.rows : [...first.rows, ...picked.others.rows];
  const areAll = sample.isWhole && first.areAll && picked.others.areAll;
  const seen = all && !areAll ? await sketchRows(ports.source, [newest, ...picked.parts], reading) : undefined;
  ports.say(`${newest.name}: ${first.rows.length} rows, ${first.names.length} columns`);
  return {
    name,
    files: picked.files,
    pick: picked.pick,
    format: guess.options,
    formatReasons: [...guess.reasons, ...(seen ? notesOf(seen, rows.length) : sample.notes)],
    ...guessColumns({
      names: first.names,
      rows,
      before: earlier.rows,
      areWhole: areAll && earlier.areAll,
      decimalMark,
      sketches: seen?.sketches,
    }),
  };
}

function notesOf({ rows, notes }: AllRows, kept: number): string[] {
  return [`all of its ${rows} rows were looked at, and a key was looked for in ${kept} of them`, ...notes];
}

/** The samples of the newest date, of which one comes first, and those of earlier dates. */
function byAge(group: readonly SourceFile[]) {
  const names = newestFirst(group.map(({ name }) => name));
  const [newest, ...others] = names.map((name) => group.find((file) => file.name === name)!);
  const { date } = guessPattern(newest!.name);
  const isToday = ({ name }: SourceFile) => guessPattern(name).date === date;
  return { newest: newest!, parts: others.filter(isToday), older: others.filter((file) => !isToday(file)) };
}

function placesOf({ columns, key }: Pick<GuessedTable, 'columns' | 'key'>): number[] {
  return columns.flatMap(({ name }, place) => (key === null || key.columns.includes(name) ? [place] : []));
}

async function delimited(
  file: SourceFile,
  { bytes, isWhole, all }: SampledBytes & Pick<InitRequest, 'all'>,
  { source, askHeader }: InitPorts,
): Promise<GuessedFormat> {
  const seen = { bytes, isWhole, survey: all && !isWhole ? await surveyText(source, file, bytes) : undefined };
  const guess = guessFormat(seen);
  const told = guess.headerDoubt === undefined ? undefined : await askHeader?.(file.name, guess.headerDoubt);
  return told === undefined ? guess : guessFormat(seen, told);
}

/** The options with what a feed file says by itself. */
function withDefaults(kind: FileFormat, options: Readonly<Record<string, unknown>>): FeedFormat {
  const all: Record<string, unknown> = { type: kind.name };
  for (const [name, schema] of Object.entries(kind.options)) {
    const { data } = schema.safeParse(options[name]);
    if (data !== undefined) all[name] = data;
  }
  return all as FeedFormat;
}
