import { NightfeedError } from '../../core/errors.ts';
import { Carry } from '../../core/records/carry.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import type { RecordFaults } from '../text/record-faults.ts';
import { RecordWriter } from '../text/record-writer.ts';
import type { Transform } from '../text/transform.ts';
import { CopyLines } from './copy-lines.ts';
import { Ending } from './ending.ts';
import { LeftOut } from './left-out.ts';
import type { Dialect, SqlFormat } from './options.ts';
import { commandEnd } from './psql-command.ts';
import { otherStatement, unreadable } from './refusals.ts';
import { routinesEnd } from './routines.ts';
import type { RowPlaces } from './row-places.ts';
import { faultOfSetting } from './settings.ts';
import {
  childrenIn,
  createdTable,
  droppedTables,
  enteredSchema,
  kindOf,
  labelOf,
  replacesTable,
  targetOf,
} from './statements.ts';
import type { Tables } from './tables.ts';
import { type Token, Tokens } from './tokens.ts';
import { blankEnd, Tuples } from './tuples.ts';

/** Reads a dump, and writes the rows of one table as record text. Executes nothing, and refuses what would have to be executed. */
export class Dump implements Transform {
  readonly #format: SqlFormat;
  readonly #dialect: Dialect;
  readonly #tables: Tables;
  readonly #faults: RecordFaults;
  readonly #places: RowPlaces | undefined;
  readonly #tokens: Tokens;
  readonly #tuples: Tuples;
  readonly #lines: CopyLines;
  readonly #out = new RecordWriter();
  readonly #carry = new Carry();
  readonly #leftOut = new LeftOut();
  readonly #ending: Ending;
  /** What comes next: a statement, or rows of an INSERT, or lines of a COPY. */
  #next: 'statement' | 'row' | 'line-start' | 'line' = 'statement';
  #isOurs = false;
  #rows = 0;
  #statements = 0;
  /** Bytes before those at hand. */
  #base = 0;
  /** With fewer bytes, what comes next is not whole. */
  #enough = 0;

  /** `places` is told where each row begins. */
  constructor(format: SqlFormat, dialect: Dialect, tables: Tables, faults: RecordFaults, places?: RowPlaces) {
    this.#places = places;
    this.#format = format;
    this.#dialect = dialect;
    this.#tables = tables;
    this.#faults = faults;
    this.#ending = new Ending(dialect, format);
    this.#tokens = new Tokens(dialect);
    const isUtf8 = format.encoding === 'utf-8';
    this.#tuples = new Tuples(dialect, isUtf8, this.#out, {
      isRead: (index) => this.#isOurs && tables.isRead(index),
      isNumber: (index) => this.#isOurs && tables.isNumber(index),
    });
    this.#lines = new CopyLines(this.#out);
  }

  get notes(): string[] {
    return this.#leftOut.notes;
  }

  push(chunk: Buffer): Buffer {
    this.#carry.append(chunk);
    return this.#read(false);
  }

  /** Throws SQL_UNREADABLE, SQL_INCOMPLETE and SQL_TABLE when the dump is not whole. */
  finish(): Buffer {
    const rest = this.#read(true);
    const left = this.#carry.bytes();
    if (this.#next === 'line' || this.#next === 'line-start')
      throw unreadable('the dump ends within the rows of a COPY', left, 0);
    if (this.#next === 'row' || left.length > 0 || this.#tokens.isInComment)
      throw unreadable('the dump ends within a statement; it may have been cut', left, 0);
    this.#ending.check();
    this.#tables.finish();
    return rest;
  }

  #read(isLast: boolean): Buffer {
    const bytes = this.#carry.bytes();
    if (!isLast && bytes.length < this.#enough) return Buffer.alloc(0);
    let from = 0;
    while (from < bytes.length) {
      const end = this.#item(bytes, from, isLast);
      if (end === undefined) break;
      from = end;
    }
    const left = bytes.length - from;
    if (left > 2 * MAX_RECORD_BYTES)
      throw new NightfeedError(
        'RECORD_TOO_LONG',
        `a row or statement is longer than the allowed ${MAX_RECORD_BYTES} bytes`,
      );
    this.#carry.drop(from);
    this.#base += from;
    this.#enough = 2 * left;
    return this.#out.take();
  }

  /** Behind what comes next; undefined when it is not whole yet. */
  #item(bytes: Buffer, from: number, isLast: boolean): number | undefined {
    if (this.#next === 'row') return this.#row(bytes, from);
    if (this.#next === 'line') return this.#line(bytes, from);
    if (this.#next === 'line-start') return this.#lineStart(bytes, from);
    const seen: string[] = [];
    const start = this.#tokens.skip(bytes, from, isLast, (comment) => seen.push(comment));
    if (start === undefined) return undefined;
    for (const comment of seen) this.#ending.seeComment(comment);
    return start > from || start === bytes.length ? start : this.#statement(bytes, start, isLast);
  }

  #statement(bytes: Buffer, start: number, isLast: boolean): number | undefined {
    if (bytes[start] === BACKSLASH) return commandEnd(bytes, start, isLast, this.#rows + this.#leftOut.rows === 0);
    const routines = this.#dialect === 'mysql' ? routinesEnd(bytes, start) : null;
    if (routines !== null) {
      if (routines !== undefined) this.#leftOut.add('DELIMITER');
      return routines;
    }
    const found = this.#tokens.statement(bytes, start, isLast);
    if (found === undefined) return undefined;
    const { tokens, end } = found;
    if (tokens.length === 0) return end;
    this.#statements += 1;
    this.#ending.seeStatement(tokens[0]!.text);
    this.#obey(tokens, bytes, start);
    return end;
  }

  /** What a statement means for the rows that follow it. */
  #obey(tokens: readonly Token[], bytes: Buffer, start: number): void {
    const kind = kindOf(tokens);
    if (kind === 'other')
      throw otherStatement('a statement may change rows, and nothing of a dump is executed', bytes, start);
    if (kind === 'insert' || kind === 'copy') {
      const target = targetOf(tokens, this.#dialect);
      if (!target)
        throw otherStatement(
          `expected plain ${kind === 'insert' ? 'INSERT INTO t (…) VALUES' : 'COPY t (…) FROM stdin'}`,
          bytes,
          start,
        );
      this.#isOurs = this.#tables.begin(target, kind === 'copy');
      this.#next = kind === 'insert' ? 'row' : 'line-start';
      return;
    }
    const schema = enteredSchema(tokens);
    if (schema !== undefined) this.#tables.enter(schema);
    const fault = kind === 'set' ? faultOfSetting(tokens, this.#format) : undefined;
    if (fault) throw otherStatement(fault, bytes, start);
    if (kind === 'create-table') {
      const created = createdTable(tokens, this.#dialect);
      if (!created) throw unreadable('a CREATE TABLE names no table', bytes, start);
      this.#tables.create(created);
      if (replacesTable(tokens)) this.#refuseLoss([created.table], bytes, start);
    }
    if (/^(CREATE|ALTER)$/.test(tokens[0]!.text))
      for (const child of childrenIn(tokens, this.#dialect)) this.#tables.adopt(child);
    if (kind === 'drop') this.#refuseLoss(droppedTables(tokens, this.#dialect), bytes, start);
    this.#leftOut.add(labelOf(tokens));
  }

  /** `dropped`: these tables, or all of a schema. */
  #refuseLoss(dropped: readonly string[] | undefined, bytes: Buffer, start: number): void {
    if (this.#rows > 0 && this.#tables.losesOurs(dropped))
      throw otherStatement('the table is dropped behind its rows', bytes, start);
  }

  #row(bytes: Buffer, from: number): number | undefined {
    const start = blankEnd(bytes, from);
    if (start === bytes.length) return undefined;
    if (bytes[start] !== OPEN) throw otherStatement('expected a row in parentheses', bytes, start);
    const end = this.#tuples.read(bytes, start);
    const behind = end === undefined ? bytes.length : blankEnd(bytes, end);
    if (end === undefined || behind === bytes.length) {
      this.#out.dropRecord();
      return undefined;
    }
    const byte = bytes[behind];
    if (byte !== COMMA && byte !== SEMICOLON)
      throw otherStatement('expected a comma or a semicolon behind a row', bytes, behind);
    this.#keep(start);
    if (byte === SEMICOLON) this.#next = 'statement';
    return behind + 1;
  }

  /** The rows of COPY begin on the line after it. */
  #lineStart(bytes: Buffer, from: number): number | undefined {
    const end = bytes.indexOf(LF, from);
    if (end < 0) return undefined;
    if (blankEnd(bytes, from) < end) throw unreadable('expected a line end behind COPY', bytes, from);
    this.#next = 'line';
    return end + 1;
  }

  #line(bytes: Buffer, from: number): number | undefined {
    const end = this.#lines.read(bytes, from);
    if (end === undefined) return undefined;
    if (this.#lines.isOver) this.#next = 'statement';
    else if (this.#isOurs && this.#lines.isBroken) this.#reject(bytes, from, this.#lines.to);
    else this.#keep(from);
    return end;
  }

  /** The fields of a row were written; those of another table are taken back. The scan rejects a row with other columns. */
  #keep(start: number): void {
    if (!this.#isOurs) {
      this.#out.dropRecord();
      this.#leftOut.rows += 1;
      this.#tables.passRow();
      return;
    }
    this.#endRow(start);
  }

  /** A row that is none goes as it came. */
  #reject(bytes: Buffer, from: number, to: number): void {
    this.#out.dropRecord();
    this.#faults.add(this.#rows, 'SYNTAX');
    this.#out.reserve(to - from, 1);
    this.#out.quoted(bytes, from, to);
    this.#endRow(from);
  }

  #endRow(start: number): void {
    this.#out.endRecord();
    this.#places?.add(this.#base + start, this.#statements);
    this.#rows += 1;
  }
}

const LF = 10;
const OPEN = 0x28;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
