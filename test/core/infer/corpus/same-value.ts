import type { GuessedTable } from '../../../../lib/core/infer/table.ts';
import type { Label } from './judge.ts';

type Live = readonly (string | null)[];

/** Compares rows of production with rows of a file, as a person would who knows the label. */
export function sameAs({ types, decimal }: Label, { columns, key }: GuessedTable) {
  const keyPlaces = columns.flatMap(({ name }, place) => (key!.columns.includes(name) ? [place] : []));
  const ofRaw = (row: readonly string[], place: number) => {
    const value = (row[place] ?? '').trim();
    const isText = columns[place]!.type === 'text';
    return value === '' || (!isText && NULLS.has(value)) ? null : meaning(types[place]!, value, decimal);
  };
  const ofLive = (row: Live, place: number) => {
    const value = row[place] ?? null;
    const mark = columns[place]!.type === 'text' ? decimal : '.';
    return value === null || value.trim() === '' ? null : meaning(types[place]!, value.trim(), mark);
  };
  return {
    keyOfRaw: (row: readonly string[]) => JSON.stringify(keyPlaces.map((place) => ofRaw(row, place))),
    keyOfLive: (row: Live) => JSON.stringify(keyPlaces.map((place) => ofLive(row, place))),
    row: (raw: readonly string[], live: Live) => columns.every((_, place) => ofRaw(raw, place) === ofLive(live, place)),
  };
}

const NULLS = new Set(['NA', 'NaN', 'nan', 'NULL', 'None', 'nil', '-', '.', '?']);

/** What a text means to somebody who knows its column; a text that means nothing there stays itself. */
function meaning(type: string, text: string, mark: string): string {
  if ('inf'.includes(type)) return numberIn(text, mark);
  if (type === 'b') return /^(true|t|yes|y)$/i.test(text) ? 'yes' : /^(false|f|no|n)$/i.test(text) ? 'no' : text;
  return 'dsz'.includes(type) ? momentIn(text) : text;
}

function numberIn(text: string, mark: string): string {
  const thousands = mark === ',' ? '.' : ',';
  const plain = text.replaceAll(thousands, '').replace(mark === ',' ? ',' : '.', '.');
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(plain) ? String(Number(plain)) : text;
}

/** Days of files are ISO's, with the day first, or written with the name of the month. */
function momentIn(text: string): string {
  const dayFirst = /^(\d{2})[-.](\d{2})[-.](\d{4})$/.exec(text);
  const written = dayFirst ? `${dayFirst[3]}-${dayFirst[2]}-${dayFirst[1]}` : text;
  const zoned = /Z$|[+-]\d\d(:\d\d)?$/.test(written.slice(10)) ? written : `${written.replaceAll('/', '-')} UTC`;
  const time = Date.parse(zoned.replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}
