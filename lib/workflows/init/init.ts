import { Readable } from 'node:stream';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { type FeedFormat, formatKindOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { guessPattern, tableNameOf } from '../../core/infer/file-pattern.ts';
import { type GuessedFormat, guessFormat } from '../../core/infer/format.ts';
import { guessKind } from '../../core/infer/kind.ts';
import { type GuessedTable, guessColumns } from '../../core/infer/table.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import type { Using } from '../../ports/ports.ts';
import type { Source } from '../../ports/source.ts';
import { allBytes, type SampledBytes, sampleBytes } from './sample-bytes.ts';
import { type SampledRows, type SampleReading, sampleRows } from './sample-rows.ts';

export interface InitRequest {
  /** Names of the samples in the source, and of files of an earlier delivery. */
  readonly samples: readonly string[];
  readonly previous: readonly string[];
  /** Bytes of a file that are looked at. */
  readonly most: number;
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
export async function guessTables({ samples, previous, most }: InitRequest, ports: InitPorts): Promise<GuessedTable[]> {
  const files = await listed(ports.source, samples);
  const earlier = ports.before ? await listed(ports.before, previous) : [];
  const tables: GuessedTable[] = [];
  for (const [name, group] of Map.groupBy(files, (file) => tableNameOf(file.name))) {
    const before = earlier.filter((file) => tableNameOf(file.name) === name);
    tables.push(await guessTable(name, { group, before, most }, ports));
  }
  return tables;
}

async function listed(source: Source, names: readonly string[]): Promise<SourceFile[]> {
  const found = await source.list((name) => names.includes(name));
  const missing = names.find((name) => !found.some((file) => file.name === name));
  if (missing === undefined) return found;
  throw new NightfeedError('USAGE', `${source.place} has no file ${excerpt(missing)}`);
}

interface Samples {
  readonly group: readonly SourceFile[];
  readonly before: readonly SourceFile[];
  readonly most: number;
}

async function guessTable(name: string, { group, before, most }: Samples, ports: InitPorts): Promise<GuessedTable> {
  const [first] = group;
  const sample = await sampleBytes(ports.source, first!, most);
  if (sample.bytes.length === 0) throw new NightfeedError('EMPTY_FILE', `${excerpt(first!.name)} has no bytes`);
  const guess = guessKind(sample.bytes) ?? (await delimited(first!.name, sample, ports));
  const kind = formatKindOf<FileFormat>({ type: String(guess.options.type ?? ports.formats[0]!.name) }, ports.formats);
  const how = { kind, format: withDefaults(kind, guess.options), names: guess.names ?? [], engine: ports.engine };
  const rows = await readSample(ports.source, first!, sample, how);
  const others = await readFiles(ports.source, group.slice(1), how, most, rows.names);
  const earlier = ports.before ? await readFiles(ports.before, before, how, most, rows.names) : [];
  ports.say(`${first!.name}: ${rows.rows.length} rows, ${rows.names.length} columns`);
  return {
    name,
    files: patternOf(group.map((file) => file.name)),
    format: guess.options,
    formatReasons: guess.reasons,
    ...guessColumns({
      names: rows.names,
      rows: [...rows.rows, ...others],
      before: earlier,
      decimalMark: guess.options.type || (guess.options.delimiter ?? ',') === ',' ? '.' : undefined,
    }),
  };
}

async function delimited(
  file: string,
  { bytes, isWhole }: SampledBytes,
  { askHeader }: InitPorts,
): Promise<GuessedFormat> {
  const guess = guessFormat(bytes, isWhole);
  const told = guess.headerDoubt === undefined ? undefined : await askHeader?.(file, guess.headerDoubt);
  return told === undefined ? guess : guessFormat(bytes, isWhole, told);
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

/** The rows of a sample; of a format whose end has to be read first, of the whole file. */
function readSample(source: Source, file: SourceFile, { bytes }: SampledBytes, how: SampleReading) {
  return how.kind.name === 'parquet'
    ? sampleRows(allBytes(source, file), file.size, how)
    : sampleRows(Readable.from([bytes]), bytes.length, how);
}

async function readFiles(
  source: Source,
  files: readonly SourceFile[],
  how: SampleReading,
  most: number,
  names: readonly string[],
): Promise<SampledRows['rows']> {
  const found: SampledRows['rows'][number][] = [];
  for (const file of files) {
    const sample = await sampleBytes(source, file, most);
    const { names: its, rows } = await readSample(source, file, sample, how);
    const places = names.map((name) => its.indexOf(name));
    if (places.includes(-1))
      throw new NightfeedError('USAGE', `${excerpt(file.name)} has other columns than the first file of its table`);
    for (const row of rows) found.push(places.map((place) => row[place] ?? null));
  }
  return found;
}

/** One pattern for all files of a table: where several differ by a number, `*` stands for it. */
function patternOf(names: readonly string[]): string {
  const patterns = [...new Set(names.map((name) => guessPattern(name).pattern))];
  const [only] = patterns;
  if (patterns.length === 1) return only!;
  const starred = new Set(patterns.map((pattern) => pattern.replace(/\d+(?=(\.\w+)+$)/, '*')));
  const [common] = starred;
  if (starred.size === 1) return common!;
  throw new NightfeedError('USAGE', `no pattern fits ${names.map((name) => excerpt(name)).join(' and ')} alone`);
}
