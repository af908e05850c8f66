import { otherFormat } from '../archives/magic.ts';
import { errorKinds } from '../error-kinds.ts';
import { NightfeedError } from '../errors.ts';
import { dumpStart, jsonTypeOf } from './likeness.ts';

/** Remembers how a file starts, while it is read. */
export class FileStart {
  #start = Buffer.alloc(0);

  see(chunk: Buffer): void {
    const missing = LOOKED_AT - this.#start.length;
    if (missing > 0) this.#start = Buffer.concat([this.#start, chunk.subarray(0, missing)]);
  }

  async *watching(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.see(chunk);
      yield chunk;
    }
  }

  explained(thrown: unknown, declared: string): unknown {
    return explainedByKind(thrown, this.#start, declared);
  }
}

const LOOKED_AT = 16 << 10;

/**
 * A refusal of a file that is of another kind than the feed says, by a format that saw it: the message says what was found, and the hint
 * what reads it.
 */
export function otherKind(message: string, found: Pick<Kind, 'name' | 'way'>, declared: string): NightfeedError {
  return new NightfeedError('BAD_MAGIC', message, { hint: hintFor(found, declared) });
}

/** The same refusal; where the start of the file shows that it is of another kind than the feed says, with what reads that kind. */
function explainedByKind(thrown: unknown, start: Buffer, declared: string): unknown {
  if (!(thrown instanceof NightfeedError) || thrown.state !== 'refused' || isExplained(thrown)) return thrown;
  const found = kindOf(start);
  if (found === undefined || found.type === declared) return thrown;
  const hint = hintFor(found, declared);
  return new NightfeedError(thrown.name, thrown.message, { hint, cause: thrown.cause, details: thrown.details });
}

/** The format saw more of the file than its start. */
function isExplained({ name, hint }: NightfeedError): boolean {
  return name === 'BAD_MAGIC' && hint !== errorKinds.BAD_MAGIC.hint;
}

function hintFor({ name, way }: Pick<Kind, 'name' | 'way'>, declared: string): string {
  return `Production is untouched. This looks like ${name}; the feed says ${declared}: ${way}, or ask the vendor for ${declared}.`;
}

interface Kind {
  /** As people say it. */
  readonly name: string;
  /** Of the format that reads it; undefined where none does. */
  readonly type?: string;
  /** What reads it, as an order. */
  readonly way: string;
}

function kindOf(start: Buffer): Kind | undefined {
  const binary = otherFormat(start);
  if (binary !== undefined) return binaryKind(binary);
  const text = start
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  const [line = ''] = text.split('\n', 1);
  if (/^<(\?xml|!DOCTYPE|html|[A-Za-z][\w:.-]*[\s/>])/i.test(text))
    return { name: 'XML or an HTML page', way: 'XML is not read, and a page mostly says what went wrong' };
  const json = jsonTypeOf(line);
  if (json !== undefined) return jsonKind(json);
  if (dumpStart.test(text)) return { name: 'a dump of SQL', type: 'sql', way: setFormat('{type: sql}') };
  return linesKind(text.split(/\r\n|\n|\r/).slice(0, MOST_LINES));
}

/** To set this format, as an order. */
export function setFormat(format: string): string {
  return `set \`format: ${format}\``;
}

function binaryKind(name: string): Kind {
  if (name === 'Parquet') return { name, type: 'parquet', way: setFormat('{type: parquet}') };
  const suffix = suffixes[name];
  const way =
    suffix === undefined ? 'that is not read' : `it is unpacked where the name ends in \`${suffix}\`; have it named so`;
  return { name, way };
}

const suffixes: Readonly<Record<string, string>> = {
  'a ZIP archive or an Office file': '.zip',
  gzip: '.gz',
  zstd: '.zst',
  xz: '.xz',
  bzip2: '.bz2',
};

function jsonKind(type: 'json' | 'ndjson'): Kind {
  if (type === 'ndjson') return { name: 'lines of JSON', type, way: setFormat('{type: ndjson}') };
  return {
    name: 'a document of JSON',
    type,
    way: `${setFormat('{type: json}')}, with \`records\` where the list lies within it`,
  };
}

/** The first lines of a file; the last of them may be cut. */
function linesKind(lines: readonly string[]): Kind | undefined {
  const whole = lines.slice(0, -1).filter((line) => line !== '');
  if (whole.length < LEAST_LINES) return undefined;
  for (const delimiter of [',', ';', '\t', '|']) {
    const counts = new Set(whole.map((line) => line.split(delimiter).length));
    if (counts.size !== 1 || counts.has(1)) continue;
    const option = delimiter === ',' ? '' : `, delimiter: ${JSON.stringify(delimiter)}`;
    return {
      name: `text with ${JSON.stringify(delimiter)} between fields`,
      type: 'csv',
      way: setFormat(`{type: csv${option}}`),
    };
  }
  const isFixed = new Set(whole.map((line) => line.length)).size === 1 && whole.every((line) => line.includes('  '));
  if (!isFixed) return undefined;
  return {
    name: 'text with fields at fixed places',
    type: 'fixed-width',
    way: setFormat('{type: fixed-width, fields: …}'),
  };
}

const LEAST_LINES = 2;
const MOST_LINES = 20;
