import { median } from '../median.ts';
import { table } from '../table.ts';
import { type Form, forms, plain } from './forms.ts';
import { type Limit, limits, MOST_MEMORY } from './limits.ts';

/** Landings of one form, in the order of the rounds. */
export interface LandedForm {
  readonly form: Form;
  readonly bytes: number;
  readonly rows: number;
  readonly seconds: readonly number[];
  /** Largest resident memory of its processes together, in bytes; null where the system does not tell. */
  readonly peak: number | null;
}

const HEAD = ['format', 'file', 'time', 'to plain', 'MB/s', 'rows a second', 'memory'];

/** Medians; `to plain` is that of the relations within a round, which a busy moment changes least. */
export function formatsTable(landed: readonly LandedForm[]): string {
  const lines = landed.map((each) => {
    const found = figuresOf(each, landed);
    return [
      each.form.title,
      `${(each.bytes / 1e9).toFixed(2)} GB`,
      `${median(each.seconds).toFixed(2)} s`,
      found.timesPlain === undefined ? '' : `× ${found.timesPlain.toFixed(2)}`,
      Math.round(found.megabytesASecond).toString(),
      Math.round(found.rowsASecond).toLocaleString('en'),
      each.peak === null ? '–' : `${Math.round(each.peak / 1e6).toLocaleString('en')} MB`,
    ];
  });
  return table([HEAD, ...lines]);
}

/** A line for each limit that was not kept. */
export function exceeded(landed: readonly LandedForm[]): string[] {
  return landed.flatMap((each) => {
    const { title, name } = each.form;
    const limit: Limit = limits[name] ?? {};
    const { timesPlain, megabytesASecond, rowsASecond } = figuresOf(each, landed);
    const found: string[] = [];
    if (timesPlain !== undefined && timesPlain > (limit.timesPlain ?? Number.POSITIVE_INFINITY))
      found.push(`${title}: ${timesPlain.toFixed(2)} times as long as plain, at most ${limit.timesPlain} allowed`);
    if (megabytesASecond < (limit.megabytesASecond ?? 0))
      found.push(`${title}: ${megabytesASecond.toFixed(0)} MB/s, at least ${limit.megabytesASecond} asked`);
    if (rowsASecond < (limit.rowsASecond ?? 0))
      found.push(`${title}: ${rowsASecond.toFixed(0)} rows a second, at least ${limit.rowsASecond} asked`);
    if (each.peak !== null && each.peak > MOST_MEMORY)
      found.push(`${title}: ${(each.peak / 1e6).toFixed(0)} MB of memory, at most ${MOST_MEMORY / 1e6} allowed`);
    return found;
  });
}

function figuresOf({ form, bytes, rows, seconds }: LandedForm, all: readonly LandedForm[]) {
  const beside = form === plain ? undefined : all.find((each) => each.form === plain && each.rows === rows);
  const relations = seconds.map((each, round) => each / (beside?.seconds[round] ?? Number.NaN));
  return {
    timesPlain: beside === undefined ? undefined : median(relations),
    megabytesASecond: bytes / 1e6 / median(seconds),
    rowsASecond: rows / median(seconds),
  };
}

export function formNamed(name: string): Form | undefined {
  return forms.find((form) => form.name === name);
}
