import { NightfeedError } from '../../core/errors.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import { excerpt, excerpts } from '../../core/shown-text.ts';
import type { ObjectReader } from './object-reader.ts';
import { checkLength, explained, type RecordSource, type Step } from './record-source.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FAULT,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipBlanks,
  TokenScan,
} from './tokens.ts';
import { ValueScan } from './value-scan.ts';
import type { Span } from './window.ts';

/**
 * The items of one array in a document, of which one record at a time is in memory. Where the document is broken nobody can tell
 * where the next record begins, so everything that is no JSON refuses the file; what is JSON, but no record, is one that is malformed.
 */
export class DocumentRecords implements RecordSource {
  start = 0;
  end = 0;
  fault: string | undefined;
  readonly isMarked = false;
  readonly notes: readonly string[] = [];
  readonly lacksEnd = false;
  readonly #path: readonly string[];
  readonly #tokens = new TokenScan();
  readonly #passed = new ValueScan();
  #state: State = 'start';
  /** Objects on the path that are open, and which of them had the name that the path wants. */
  #depth = 0;
  readonly #has: boolean[] = [];
  /** The first names of the object that is being read, for the message about a missing one. */
  #names: string[] = [];
  #count = 0;

  /** Without a path, the document is the array. */
  constructor(path: readonly string[] = []) {
    this.#path = path;
  }

  get place(): string {
    return `record ${this.#count}`;
  }

  next(span: Span, reader: ObjectReader): Step {
    for (;;) {
      if (this.#state === 'start' && !this.#skipMark(span)) return 'more';
      if (this.#state !== 'pass') span.at = skipBlanks(span.bytes, span.at, span.bytes.length);
      if (this.#state !== 'pass' && span.at >= span.bytes.length) {
        if (!span.isLast) return 'more';
        if (this.#state === 'end') return 'end';
        throw this.#cut();
      }
      const step = this.#state === 'record' ? this.#record(span, reader) : this.#walk(span);
      if (step !== 'on') {
        if (step === 'more' && span.isLast) throw this.#cut();
        if (step === 'more') checkLength(span.bytes.length - span.at, this.#whatFollows());
        return step;
      }
    }
  }

  /** One token of what is around the records. */
  #walk(span: Span): Walked {
    const byte = span.bytes[span.at];
    switch (this.#state) {
      case 'start':
      case 'value':
        return this.#enter(span);
      case 'first name':
        return byte === CLOSE_BRACE ? this.#leave(span) : this.#name(span);
      case 'name':
        return this.#name(span);
      case 'pass':
        return this.#pass(span);
      case 'behind value':
        if (byte === CLOSE_BRACE) return this.#leave(span);
        return byte === COMMA ? this.#to('name', span) : this.#refuse(span, span.at);
      case 'first record':
        if (byte === CLOSE_BRACKET) return this.#leaveArray(span);
        this.#state = 'record';
        return 'on';
      case 'behind record':
        if (byte === CLOSE_BRACKET) return this.#leaveArray(span);
        return byte === COMMA ? this.#to('record', span) : this.#refuse(span, span.at);
      default:
        return this.#refuse(span, span.at, 'something follows the document');
    }
  }

  #record(span: Span, reader: ObjectReader): Walked {
    const { bytes, at } = span;
    let end = reader.read(bytes, at, bytes.length);
    this.fault = end === FAULT ? explained(span, reader.faultAt, reader.why) : undefined;
    if (end === FAULT) {
      this.#passed.begin();
      end = this.#passed.end(bytes, at, bytes.length);
      if (end === FAULT) return this.#refuse(span, this.#passed.faultAt, this.#passed.why);
    }
    if (end === MORE) return 'more';
    checkLength(end - at, this.#whatFollows());
    this.#count += 1;
    this.start = at;
    this.end = end;
    span.at = end;
    this.#state = 'behind record';
    return 'record';
  }

  /** The value on the path: an object, or the array at its end. */
  #enter(span: Span): Walked {
    const byte = span.bytes[span.at]!;
    if (!canBegin.has(byte)) return this.#refuse(span, span.at);
    if (this.#depth === this.#path.length) {
      if (byte !== OPEN_BRACKET) throw this.#noRecords(span, 'an array of records');
      return this.#to('first record', span);
    }
    if (byte !== OPEN_BRACE) throw this.#noRecords(span, `an object with ${excerpt(this.#path[this.#depth]!)}`);
    this.#has[this.#depth] = false;
    this.#names = [];
    this.#depth += 1;
    return this.#to('first name', span);
  }

  #name(span: Span): Walked {
    const { bytes, at } = span;
    if (bytes[at] !== QUOTE) return this.#refuse(span, at);
    const end = this.#tokens.stringEnd(bytes, at + 1, bytes.length);
    if (end === FAULT) return this.#refuse(span, this.#tokens.faultAt);
    if (end === MORE) return 'more';
    const colon = skipBlanks(bytes, end + 1, bytes.length);
    if (colon >= bytes.length) return 'more';
    if (bytes[colon] !== COLON) return this.#refuse(span, colon);
    const name = JSON.parse(bytes.toString('utf8', at, end + 1)) as string;
    const level = this.#depth - 1;
    const isWanted = name === this.#path[level];
    if (isWanted && this.#has[level])
      return this.#refuse(span, at, 'the name that leads to the records stands twice in an object');
    if (isWanted) this.#has[level] = true;
    else if (this.#names.length < SHOWN_NAMES) this.#names.push(name);
    this.#state = isWanted ? 'value' : 'pass';
    if (!isWanted) this.#passed.begin();
    span.at = colon + 1;
    return 'on';
  }

  /** A value beside the records, of any size. */
  #pass(span: Span): Walked {
    const end = this.#passed.end(span.bytes, span.at, span.bytes.length);
    if (end === FAULT) return this.#refuse(span, this.#passed.faultAt, this.#passed.why);
    span.at = end === MORE ? this.#passed.resume : end;
    if (end === MORE) return 'more';
    this.#state = 'behind value';
    return 'on';
  }

  /** At the brace that closes an object on the path. */
  #leave(span: Span): Walked {
    this.#depth -= 1;
    if (!this.#has[this.#depth]) throw this.#noName();
    return this.#to(this.#depth === 0 ? 'end' : 'behind value', span);
  }

  #leaveArray(span: Span): Walked {
    return this.#to(this.#depth === 0 ? 'end' : 'behind value', span);
  }

  #to(state: State, span: Span): Walked {
    this.#state = state;
    span.at += 1;
    return 'on';
  }

  /** false: more bytes are needed to tell whether there is one. */
  #skipMark(span: Span): boolean {
    const { bytes, at, isLast } = span;
    if (bytes.length - at < byteOrderMark.length && !isLast) return false;
    if (span.base + at === 0 && bytes.subarray(at, at + 3).equals(byteOrderMark)) span.at += byteOrderMark.length;
    this.#state = 'value';
    return true;
  }

  #whatFollows(): string {
    return this.#state === 'record' ? `record ${this.#count + 1}` : 'a name or value beside the records';
  }

  #refuse(span: Span, at: number, why?: string): never {
    const behind = this.#count > 0 ? ` (behind record ${this.#count})` : '';
    throw new NightfeedError('JSON_SYNTAX', `the file is no JSON document${behind}: ${explained(span, at, why)}`);
  }

  #noRecords(span: Span, expected: string): NightfeedError {
    const where = this.#depth === 0 ? 'the document' : excerpts(this.#path.slice(0, this.#depth), { told: 9 });
    return new NightfeedError('NO_RECORDS', `${explained(span, span.at, `${where} is not ${expected}`)}`);
  }

  #noName(): NightfeedError {
    const has = this.#names.length > 0 ? `; it has ${excerpts(this.#names, { told: 9, most: 63 })}` : '; it is empty';
    const wanted = excerpt(this.#path[this.#depth]!);
    return new NightfeedError('NO_RECORDS', `no ${wanted} in the object in which format.records looks for it${has}`);
  }

  #cut(): NightfeedError {
    const message = `the document ends behind record ${this.#count}, and is not closed: it was cut`;
    return new NightfeedError('JSON_TRUNCATED', message);
  }
}

type State =
  | 'start'
  | 'value'
  | 'first name'
  | 'name'
  | 'pass'
  | 'behind value'
  | 'first record'
  | 'record'
  | 'behind record'
  | 'end';

type Walked = Step | 'on';

/** First bytes of values. */
const canBegin: ReadonlySet<number> = new Set(Buffer.from('{["-0123456789tfn'));

const SHOWN_NAMES = 20;
