import { NightfeedError } from '../../core/errors.ts';
import { excerpt, excerpts } from '../../core/shown-text.ts';
import type { SqlFormat } from './options.ts';
import type { Child, Created, Target } from './statements.ts';
import type { Uses } from './tuples.ts';

/** The tables of a dump, and which of them is read. Throws SQL_TABLE where that is not clear, and SQL_COLUMNS. */
export class Tables {
  /** Of the table that is read, in the order of its rows; known from its first rows on. */
  columns: readonly string[] | undefined;
  readonly #format: SqlFormat;
  readonly #onColumns: (columns: readonly string[]) => Uses;
  readonly #names = new Set<string>();
  #schema: string | undefined;
  #ours: string | undefined;
  #created: readonly string[] | undefined;
  #bits: readonly string[] = [];
  #uses: Uses = { isRead: () => true, isNumber: () => false };
  /** The tables whose rows are also those of the first ones: their partitions, and those that inherit from them. */
  readonly #children = new Map<string, Set<string>>();
  /** The table whose rows are being read, and all that had rows and are not read. */
  #current = '';
  readonly #filled = new Set<string>();

  /** `onColumns` is told the columns before the first row is read, and answers what is made of their values. */
  constructor(format: SqlFormat, onColumns: (columns: readonly string[]) => Uses) {
    this.#format = format;
    this.#onColumns = onColumns;
  }

  /** Names without a schema are of this one from now on. */
  enter(schema: string): void {
    this.#schema = schema;
  }

  create({ table, columns, bits }: Created): void {
    if (!this.#isOurs(table)) return;
    this.#created = columns;
    this.#bits = bits;
  }

  /** Rows of this table follow, in an INSERT or as lines of a COPY. Answers whether they are read. */
  begin({ table, columns }: Target, isCopy: boolean): boolean {
    this.#current = this.#full(table);
    if (!this.#isOurs(table)) return false;
    const named = columns ?? this.#format.columns ?? this.#created;
    if (named === undefined)
      throw new NightfeedError(
        'SQL_COLUMNS',
        `neither the rows of ${excerpt(table)} nor a CREATE TABLE before them name its columns; name them with \`format.columns\``,
      );
    this.#bind(named);
    if (isCopy) this.#refuseCountedBits(named);
    return true;
  }

  isRead(index: number): boolean {
    return this.#uses.isRead(index);
  }

  isNumber(index: number): boolean {
    return this.#uses.isNumber(index);
  }

  /** A row of a table came that is not read. */
  passRow(): void {
    if (!this.#filled.has(this.#current)) this.#filled.add(this.#current);
  }

  adopt({ parent, child }: Child): void {
    const known = this.#children.get(this.#full(parent));
    if (known) known.add(this.#full(child));
    else this.#children.set(this.#full(parent), new Set([this.#full(child)]));
  }

  /** Whether the table that is read is among these; of a whole schema or database it may be. */
  losesOurs(dropped: readonly string[] | undefined): boolean {
    return dropped === undefined || dropped.some((name) => this.#ours === name || this.#ours?.endsWith(`.${name}`));
  }

  /** At the end of the dump. A table without rows has the columns that it was created with. */
  finish(): void {
    this.#refuseLeftOut();
    if (this.columns !== undefined) return;
    const { table } = this.#format;
    const named = this.#format.columns ?? this.#created;
    if (this.#ours !== undefined && named !== undefined) {
      this.#bind(named);
      return;
    }
    const wanted = table === undefined ? 'no table' : `no table ${excerpt(table)}`;
    const others = this.#names.size > 0 ? `; it has ${this.#shown()}` : '';
    throw new NightfeedError('SQL_TABLE', `the dump has ${wanted}${others}`);
  }

  /** An INSERT marks bits, which are then counted in twos; lines of COPY do not, and `101` would be a hundred and one. */
  #refuseCountedBits(columns: readonly string[]): void {
    const counted = columns.find((name, index) => this.#bits.includes(name) && this.isNumber(index));
    if (counted === undefined) return;
    const message = `the column ${excerpt(counted)} is of bits, whose digits the feed file would read as those of a number; declare text, or boolean for a single bit, or ask for a dump that pg_dump writes with --inserts, whose bits are counted in twos`;
    throw new NightfeedError('COLUMN_TYPE', message);
  }

  /** Whoever reads the table in its database also sees the rows of its partitions, which a dump keeps under their own names. */
  #refuseLeftOut(): void {
    if (this.#ours === undefined) return;
    const within = new Set([this.#ours]);
    for (const table of within) for (const child of this.#children.get(table) ?? []) within.add(child);
    const filled = [...within].filter((table) => this.#filled.has(table));
    if (filled.length === 0) return;
    const message = `rows of ${excerpt(this.#ours)} are in its partitions, or in tables that inherit from it, ${excerpts(filled, { told: 20, most: 63 })}, and would be left out`;
    throw new NightfeedError('SQL_TABLE', message, {
      hint: 'Production is untouched. `pg_dump --load-via-partition-root` writes the rows of partitions under the name of the table; otherwise ask for a CSV file that `COPY (SELECT …) TO` writes.',
    });
  }

  #bind(named: readonly string[]): void {
    if (this.columns === undefined) {
      this.columns = named;
      this.#uses = this.#onColumns(named);
      return;
    }
    if (named.length === this.columns.length && named.every((name, index) => name === this.columns![index])) return;
    const [first, other] = [this.columns, named].map((names) => excerpt(names.join(', ')));
    throw new NightfeedError('HEADER_MISMATCH', `an INSERT names the columns ${other}; the first one names ${first}`);
  }

  #isOurs(named: string): boolean {
    const table = this.#full(named);
    this.#names.add(table);
    const { table: wanted } = this.#format;
    const fits = wanted === undefined || table === wanted || table.endsWith(`.${wanted}`);
    if (!fits) return false;
    this.#ours ??= table;
    if (this.#ours === table) return true;
    const message =
      wanted === undefined
        ? `the dump has several tables, ${this.#shown()}; say with \`format.table\` which is read`
        : `${excerpt(wanted)} may be ${excerpt(this.#ours)} or ${excerpt(table)}; say it with its schema`;
    throw new NightfeedError('SQL_TABLE', message);
  }

  /** The name with its schema, where one is known. */
  #full(named: string): string {
    return this.#schema === undefined || named.includes('.') ? named : `${this.#schema}.${named}`;
  }

  #shown(): string {
    return excerpts([...this.#names], { told: 20, most: 63 });
  }
}
