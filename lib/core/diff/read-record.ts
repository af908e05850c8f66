import { evaluate, failed } from '../expression/evaluate.ts';
import { canonicalOf, scalarOf } from '../expression/scalar.ts';
import type { ReadingColumn, ReadingSpec } from '../feed/reading-spec.ts';
import { isKeyless } from '../feed/row-identity.ts';
import { type Rule, ruleCodes } from '../feed/rules/rule.ts';
import { type Computed, type Shaped, type Shaping, shapingOf } from '../feed/shaping.ts';
import { cleaned } from '../feed/values/clean-text.ts';
import { isTextual } from '../feed/values/type-traits.ts';
import { parseValue } from '../feed/values/value.ts';
import type { RejectCode } from '../records/reject.ts';
import { MAX_KEY_BYTES } from '../sql/plans/next-rows.ts';
import type { DeliveredRecord, Row } from './row.ts';

/** A record as a row, or the reason why it is rejected. */
export interface ReadRow {
  code: RejectCode | undefined;
  /** All values of the reading spec. */
  readonly row?: Row;
  /** The key's values in their places, all others null; absent when the key cannot be read, or there is none. */
  readonly key?: Row;
  readonly isFiltered?: boolean;
  /** Where records of one key are versions, the value that tells the newest; absent when it cannot be read. */
  readonly version?: string | null;
  /** Indexes of the rules that the row breaks without being rejected. */
  readonly broken?: readonly number[];
}

/** Reads records by a reading spec, in plain code. `core/sql/plans/next-rows.ts` says the same as SQL. */
export class RecordReader {
  readonly #columns: readonly ReadingColumn[];
  readonly #rules: readonly Rule[];
  readonly #shaping: Shaping;
  readonly #newest: string | undefined;
  readonly #isKeyless: boolean;

  constructor(reading: ReadingSpec) {
    this.#columns = reading.columns;
    this.#rules = reading.rules ?? [];
    this.#shaping = shapingOf(reading);
    this.#newest = reading.newest;
    this.#isKeyless = isKeyless(reading);
  }

  read(record: DeliveredRecord): ReadRow {
    if (record.fields === null) return { code: record.malformed };
    const values = this.#columns.map((column, index) => readField(column, record.fields![index] ?? null));
    for (const [index, { name }] of this.#columns.entries()) {
      const shaped = this.#shaping.derived.get(name);
      if (shaped) values[index] = this.#derive(this.#columns[index]!, shaped, values);
    }
    const row = values.map(({ text }) => text);
    const isDerivedKey = this.#columns.some(({ key, as }) => key && as !== undefined);
    const isReadable =
      !this.#isKeyless &&
      values.every(({ code }, index) => !this.#columns[index]!.key || code === undefined) &&
      !(record.malformed && isDerivedKey);
    const version = record.malformed ? {} : this.#versionIn(values);
    const key = isReadable
      ? { key: row.map((value, index) => (this.#columns[index]!.key ? value : null)), ...version }
      : {};
    // Among the versions of its key, a record that a filter leaves out takes part, so its version has to be known.
    const isPlaced = this.#newest === undefined || !isReadable || version.version !== undefined;
    if (!record.malformed && isPlaced && this.#shaping.filters.some((filter) => this.#leavesOut(filter, values)))
      return { code: undefined, row, ...key, isFiltered: true };
    const tooLong = isReadable && this.#isKeyTooLong(row) ? 'KEY_TOO_LONG' : undefined;
    const own = record.malformed ?? tooLong ?? this.#firstProblem(values);
    if (own !== undefined) return { code: own, ...key };
    if (this.#shaping.filters.some((filter) => this.#valueOf(filter, values) === failed))
      return { code: 'CAST', ...key };
    const answers = [...this.#shaping.broken].map(([index, each]) => ({ index, answer: this.#valueOf(each, values) }));
    const isRejecting = (index: number) => this.#rules[index]!.on_fail === 'reject_row';
    const first = answers.find(({ index, answer }) => answer === failed || (answer === true && isRejecting(index)));
    if (first) return { code: first.answer === failed ? 'CAST' : ruleCodes[this.#rules[first.index]!.kind], ...key };
    const broken = answers.filter(({ answer }) => answer === true).map(({ index }) => index);
    return { code: undefined, row, ...key, broken };
  }

  #versionIn(values: readonly ReadField[]): Pick<ReadRow, 'version'> {
    if (this.#newest === undefined || !this.#areReadable(new Set([this.#newest]), values)) return {};
    return { version: values[this.#indexOf(this.#newest)]!.text };
  }

  #derive(column: ReadingColumn, shaped: Shaped, values: readonly ReadField[]): ReadField {
    if (!this.#isTold(shaped, values)) return { text: null, code: 'UNREADABLE' };
    const value = this.#valueOf(shaped, values);
    return value === failed ? { text: null, code: 'CAST' } : judged(column, canonicalOf(column.type, value));
  }

  #leavesOut(filter: Shaped, values: readonly ReadField[]): boolean {
    return this.#isTold(filter, values) && this.#valueOf(filter, values) === true;
  }

  /** Whether all fields and derived columns that it depends on can be read. */
  #isTold({ reads, through }: Shaped, values: readonly ReadField[]): boolean {
    const isMade = (name: string) => this.#valueOf(this.#shaping.derived.get(name)!, values) !== failed;
    return this.#areReadable(reads, values) && [...through].every(isMade);
  }

  #valueOf({ expression }: Computed, values: readonly ReadField[]) {
    return evaluate(expression, (name) => this.#scalar(name, values));
  }

  /** A missing required value can be read; it only rejects the row. */
  #areReadable(names: ReadonlySet<string>, values: readonly ReadField[]): boolean {
    return [...names].every((name) => {
      const { code } = values[this.#indexOf(name)]!;
      return code === undefined || code === 'KEY_MISSING' || code === 'REQUIRED';
    });
  }

  #scalar(name: string, values: readonly ReadField[]) {
    const index = this.#indexOf(name);
    return scalarOf(this.#columns[index]!.type, values[index]!.text);
  }

  #indexOf(name: string): number {
    return this.#columns.findIndex((column) => column.name === name);
  }

  #isKeyTooLong(row: Row): boolean {
    const bytes = row.map((text, index) => (this.#columns[index]!.key ? Buffer.byteLength(text ?? '') : 0));
    return bytes.reduce((sum, length) => sum + length, 0) > MAX_KEY_BYTES;
  }

  /** Fields of the file come first: a derived column is not computed when its fields cannot be read. */
  #firstProblem(values: readonly ReadField[]): RejectCode | undefined {
    const codes = values.map(({ code }) => (code === 'UNREADABLE' ? undefined : code));
    const isRead = (_code: unknown, index: number) => this.#columns[index]!.as === undefined;
    const isDerived = (code: unknown, index: number) => !isRead(code, index);
    return [...codes.filter(isRead), ...codes.filter(isDerived)].find((code) => code !== undefined);
  }
}

/** `text` is the original text of a missing key, for conditions that need it. */
interface ReadField {
  readonly text: string | null;
  readonly code?: RejectCode | 'UNREADABLE';
}

function readField(column: ReadingColumn, delivered: string | null): ReadField {
  if (column.as !== undefined) return { text: null };
  const raw = cleaned(column, delivered);
  if (raw === null) return judged(column, null);
  const { text, code } = parseValue(column, raw);
  return code === undefined ? judged(column, text) : { text: null, code };
}

function judged({ key, required, type }: ReadingColumn, text: string | null): ReadField {
  if (key && (text === null || (isTextual(type) && text === ''))) return { text, code: 'KEY_MISSING' };
  return text === null && required ? { text, code: 'REQUIRED' } : { text };
}
