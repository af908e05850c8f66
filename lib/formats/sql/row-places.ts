import type { RecordPlace, RecordPlaces } from '../../core/records/record-place.ts';
import { ByRecord } from '../text/by-record.ts';
import type { TextFormat } from '../text/encoding-options.ts';
import { SentText } from '../text/sent-text.ts';

/** Where the rows of a table stand in a dump. */
export class RowPlaces implements RecordPlaces {
  /** Sees what was sent become text. */
  readonly sent: SentText;
  readonly #starts = new ByRecord<{ readonly at: number; readonly statement: number }>();
  /** Bytes of the text before those that rows are counted from. */
  #skipped = 0;
  #at = 0;
  #statement = 0;

  constructor(format: Pick<TextFormat, 'encoding'>) {
    this.sent = new SentText(format);
  }

  skip(bytes: number): void {
    this.#skipped = bytes;
  }

  /** The next row begins at this byte, in the statement with this number. */
  add(at: number, statement: number): void {
    this.#starts.add({ at: at + this.#skipped, statement });
  }

  to(record: number): void {
    const { at, statement } = this.#starts.of(record);
    this.#at = at;
    this.#statement = statement;
  }

  get place(): RecordPlace {
    return { statement: this.#statement, ...this.sent.placeOf(this.#at) };
  }
}
