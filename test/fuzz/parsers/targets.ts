import { parseManifest } from '../../../lib/core/delivery/manifest.ts';
import { Neighbours } from '../../../lib/core/delivery/near-miss.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { affordable, checkCondition, type Scope } from '../../../lib/core/expression/check.ts';
import { evaluate } from '../../../lib/core/expression/evaluate.ts';
import { failureOf } from '../../../lib/core/expression/failure.ts';
import { ExpressionFault } from '../../../lib/core/expression/fault.ts';
import { isLike } from '../../../lib/core/expression/like.ts';
import { newestMeaning } from '../../../lib/core/expression/meaning.ts';
import { portablePattern } from '../../../lib/core/expression/pattern.ts';
import { scalarOf } from '../../../lib/core/expression/scalar.ts';
import { formatKindOf } from '../../../lib/core/feed/descriptors/format-descriptor.ts';
import { NamePattern } from '../../../lib/core/feed/pattern.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { type ColumnType, plainTypes } from '../../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../../lib/core/feed/values/value.ts';
import { unsealed } from '../../../lib/core/run/sealed.ts';
import { duckdb } from '../../../lib/core/sql/dialects/dialect.ts';
import { expressionSql } from '../../../lib/core/sql/dialects/expression-sql.ts';
import { spark } from '../../../lib/core/sql/dialects/spark.ts';
import { formats } from '../../../lib/formats/index.ts';
import { LinePattern } from '../../../lib/formats/text/beside/line-pattern.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { linesOf } from '../../../lib/sources/ftp/listing/lines.ts';
import { parseList } from '../../../lib/sources/ftp/listing/list.ts';
import { parseMlsd } from '../../../lib/sources/ftp/listing/mlsd.ts';
import { archived, decompressed } from '../../../lib/steps/landing/decompression.ts';
import { landFile } from '../../../lib/steps/landing/landing.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { dialectFeeds, feeds, fixedWidthFeeds, jsonFeeds, manifests, sqlFeeds } from './feeds.ts';

/** Something that reads bytes of a vendor's or of a feed's author. */
export interface Target {
  readonly name: string;
  run(input: Buffer): unknown;
}

/** An input may come to no more computing than this. */
const MAX_CPU_MS = 1000;

/** Why an input is none that a parser may meet: a failure without a name, or too much time. A refusal by name is no fault. */
export async function faultOf(target: Target, input: Buffer): Promise<string | undefined> {
  const start = process.threadCpuUsage();
  try {
    await target.run(input);
  } catch (thrown) {
    if (!(thrown instanceof NightfeedError) && !(thrown instanceof ExpressionFault)) return told(thrown);
    if (thrown instanceof NightfeedError && thrown.name === 'UNFORESEEN') return told(thrown.cause);
  }
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000 > MAX_CPU_MS ? `takes more than ${MAX_CPU_MS} ms` : undefined;
}

/** Without what is of this input alone. */
function told(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = thrown.stack?.split('\n').find((line) => line.includes('/lib/'));
  return `${thrown.name}${place ? `:${place}` : ` ${thrown.message}`}`;
}

export const targets: readonly Target[] = [
  { name: 'list', run: (input) => drained(parseList(linesOf(chunksOf(input)))) },
  { name: 'mlsd', run: (input) => drained(parseMlsd(linesOf(chunksOf(input)))) },
  ...['zip', 'gz', 'zst', 'bz2', 'xz', 'tar'].map((name) => ({
    name,
    run: (input: Buffer) => drained(decompressed(`x.${name}`, chunksOf(input)).bytes),
  })),
  { name: 'members', run: (input) => drained(archived('x.zip', chunksOf(input))!.members) },
  {
    name: 'manifest',
    run: (input) => variants(manifests, (manifest) => parseManifest(input, manifest)),
  },
  { name: 'records', run: (input) => variants(feeds, (feed) => landed(feed, input)) },
  { name: 'sql', run: (input) => variants(sqlFeeds, (feed) => landed(feed, input)) },
  { name: 'dialects', run: (input) => variants(dialectFeeds, (feed) => landed(feed, input)) },
  { name: 'fixed-width', run: (input) => variants(fixedWidthFeeds, (feed) => landed(feed, input)) },
  { name: 'json', run: (input) => variants(jsonFeeds, (feed) => landed(feed, input)) },
  { name: 'fields', run: readFields },
  { name: 'expression', run: readExpression },
  { name: 'patterns', run: readPatterns },
  { name: 'feed', run: (input) => parseFeed(input.toString(), 'feed.yaml') },
  { name: 'receipt', run: (input) => unsealed(input.toString(), 'receipts/x.json') },
];

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _item of items);
}

/** Whole, or in pieces as a connection might bring them; which it is depends on the input alone. */
async function* chunksOf(input: Buffer): AsyncGenerator<Buffer> {
  const size = [input.length, 1, 7, 1000][input.length % 4] || 1;
  for (let at = 0; at < input.length; at += size) yield input.subarray(at, at + size);
}

/** All of them are tried; what one refuses the next one may take. */
async function variants<T>(all: readonly T[], run: (each: T) => unknown): Promise<void> {
  for (const each of all) await foreseen(() => run(each));
}

async function foreseen(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    if (!(thrown instanceof NightfeedError) && !(thrown instanceof ExpressionFault)) throw thrown;
    if (thrown instanceof NightfeedError && thrown.name === 'UNFORESEEN') throw thrown.cause;
  }
}

/** What it holds is gone. */
const nowhere = { write: (_key: string, bytes: AsyncIterable<Uint8Array>) => drained(bytes) } as unknown as Store;

async function landed({ tables }: Feed, input: Buffer): Promise<void> {
  const table = tables.t!;
  const { contract, format } = table;
  const kind = formatKindOf<FileFormat>(format, formats);
  const reading = readingSpecOf(table);
  const columns = deliveredColumnsOf(table);
  await landFile(chunksOf(input), {
    store: nowhere,
    reading,
    format: kind.name,
    convert: ({ bytes }) =>
      kind.open({ format, bytes, localFile: noLocalFile, columns, contract, reading, proof: () => 'a test' }),
    columns,
    keyOf: (part) => `landing/${part}`,
    partBytes: 500,
  });
}

const types: readonly ColumnType[] = [...plainTypes, 'varchar(3)', 'decimal(9,2)'];
const arrays: readonly ColumnType[] = ['text[]', 'decimal(9,2)[]', 'date[]'];

function readFields(input: Buffer): void {
  const raw = input.toString();
  for (const type of [...types, ...arrays]) {
    parseValue({ type }, raw);
    parseValue({ type, separator: ',' }, raw);
    parseValue({ type, scale: 'round', odd_times: 'roll', date_format: 'D.M.YYYY' }, raw);
    parseValue({ type, date_format: 'D MON YY HH:MI[:SS[.FF]]', pivot: 1970 }, raw);
    parseValue({ type, decimal: ',', thousands: '.', currency: ['€', ''], negative: 'parentheses' }, raw);
    parseValue({ type, epoch: 'ms' }, raw);
  }
}

/** An expression in the first line; the second one is the value of its columns. */
function readExpression(input: Buffer): void {
  const [text = '', value = ''] = halvesOf(input);
  const scope: Scope = new Map(types.map((type) => [type.replace(/\(.*/, ''), type]));
  const condition = checkCondition(text, scope, newestMeaning);
  const failure = failureOf(condition);
  if (failure) affordable(failure);
  const values = new Map(
    [...scope].map(([name, type]) => [name, scalarOf(type, parseValue({ type }, value).text ?? null)]),
  );
  for (const each of failure ? [condition, failure] : [condition]) {
    evaluate(each, (name) => values.get(name)!);
    for (const dialect of [duckdb, spark]) expressionSql(dialect, each, (name) => dialect.identifier(name));
  }
}

/** A pattern in the first line, of each kind; the second one is the text. */
async function readPatterns(input: Buffer): Promise<void> {
  const [pattern = '', text = ''] = halvesOf(input);
  isLike(text, pattern);
  await foreseen(() => portablePattern(pattern, newestMeaning));
  if (LinePattern.faultOf(pattern) === undefined) new LinePattern(pattern).match(text);
  new NamePattern(pattern).read(text);
  const neighbours = new Neighbours([{ pattern, written: pattern }]);
  for (const name of text.split('\n')) neighbours.see({ name, kind: 'file' });
  neighbours.explain(true);
}

function halvesOf(input: Buffer): string[] {
  const at = input.indexOf('\n');
  return at < 0 ? [input.toString()] : [input.toString('utf8', 0, at), input.toString('utf8', at + 1)];
}
