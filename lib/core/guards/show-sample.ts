import type { SampleReject, SampleRow, Samples, SampleUnreadable } from '../diff/samples.ts';
import { entryOf } from '../entry-of.ts';
import { excerpt, shownText } from '../shown-text.ts';
import type { Finding } from './finding.ts';

/** The sample rows of a finding, a line each, safe to be shown anywhere. */
export function showSamples({ guard, column, rule }: Finding, samples: Samples): string[] {
  switch (guard) {
    case 'MASS_DELETE':
    case 'ROWCOUNT_DROP':
    case 'BYTES_DROP':
      return samples.gone.map(showRow);
    case 'MASS_UPDATE':
      return samples.updated.map(showRow);
    case 'MASS_INSERT':
    case 'ROWCOUNT_RISE':
    case 'BYTES_RISE':
      return samples.inserted.map(showRow);
    case 'NULL_SHARE':
      return (entryOf(samples.nulls, column ?? '') ?? []).map(showRow);
    case 'RULE_BROKEN':
      return (entryOf(samples.broken, rule ?? '') ?? []).map(showRow);
    case 'DELETES_SUSPENDED':
      return samples.unreadable ? [showUnreadable(samples.unreadable)] : [];
    case 'REJECTED_LIMIT':
      return samples.rejected.map(showReject);
    default:
      return [...(samples.signs?.[guard] ?? [])];
  }
}

function showRow({ key, before, after }: SampleRow): string {
  const names = Object.keys(after ?? before ?? {});
  const values = names.map((name) => {
    const versions = [before, after].flatMap((version) => (version ? [showText(entryOf(version, name) ?? null)] : []));
    return `${showText(name)}: ${versions.join(' → ')}`;
  });
  const keys = Object.entries(key).map(([name, value]) => `${showText(name)} ${showText(value)}`);
  return [keys.join(', '), ...(values.length > 0 ? [values.join(', ')] : [])].join(' | ');
}

function showReject({ code, column, key, raw }: SampleReject): string {
  const place = [
    code,
    ...(column === null ? [] : [showText(column)]),
    ...(key === null ? [] : [`key ${showText(key)}`]),
  ];
  return `${place.join(' ')} | ${showText(raw)}`;
}

function showUnreadable({ file, byte, record, isLast, ...reject }: SampleUnreadable): string {
  const place = record === undefined ? `byte ${byte}` : `record ${record}`;
  return `${excerpt(file)}, ${place}${isLast ? ', the last record' : ''}: ${showReject(reject)}`;
}

/** Longer than a sample's value, unless much of it is hidden characters written out. */
const MAX_SHOWN = 255;
/** A text that a spreadsheet takes for a formula, and that is not a plain number. */
const FORMULA = /^[=+\-@](?!\d+([.]\d+)?$)/;

/** Makes a vendor's value harmless to show, in a spreadsheet too. */
export function showText(text: string | null): string {
  if (text === null) return 'null';
  const visible = shownText(text, MAX_SHOWN);
  return FORMULA.test(visible) ? `'${visible}` : visible;
}
