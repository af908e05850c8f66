import type { GuessedFormat } from './format.ts';
import { jsonTypeOf } from './likeness.ts';

/** The format of a file that is no delimited text, as its first bytes show it; undefined for what may be that. */
export function guessKind(sample: Buffer): GuessedFormat | undefined {
  const text = sample
    .toString('utf8', 0, LOOKED_AT)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (sample.subarray(0, 4).toString('latin1') === 'PAR1')
    return guessed('parquet', 'it begins with the mark of Parquet');
  const [line = ''] = text.split('\n', 1);
  if (jsonTypeOf(line) !== undefined)
    return text.startsWith('[') ? guessed('json', 'it begins a list of JSON') : guessJson(text);
  if (/^(--|\/\*)/.test(text) && /^(INSERT INTO|COPY |CREATE TABLE)/im.test(text))
    return guessed('sql', 'it has the statements of a dump');
  return undefined;
}

const LOOKED_AT = 1_000_000;

function guessed(type: string, reason: string, options: GuessedFormat['options'] = {}): GuessedFormat {
  return { options: { type, ...options }, names: undefined, reasons: [reason] };
}

function guessJson(text: string): GuessedFormat {
  const [first = '', second] = text.split(/\r?\n/, 2);
  if (parsed(first) !== undefined && (second === undefined || second === '' || second.startsWith('{')))
    return guessed('ndjson', 'each line is an object of JSON');
  const path = pathToRecords(parsed(text));
  return path
    ? guessed('json', `its longest list of objects is at ${path.join('.')}`, { records: path })
    : guessed('json', 'it begins an object of JSON');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the longest list of objects is, at most so many names deep. */
function pathToRecords(value: unknown, depth = 3): string[] | undefined {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const lists = Object.entries(value).flatMap(([name, inner]) => {
    if (Array.isArray(inner) && inner.some((each) => typeof each === 'object'))
      return [{ path: [name], length: inner.length }];
    const path = pathToRecords(inner, depth - 1);
    return path ? [{ path: [name, ...path], length: 0 }] : [];
  });
  return lists.toSorted((a, b) => b.length - a.length)[0]?.path;
}
