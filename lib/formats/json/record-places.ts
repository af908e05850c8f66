import type { RecordPlace, RecordPlaces } from '../../core/records/record-place.ts';
import { ByRecord } from '../text/by-record.ts';
import type { TextFormat } from '../text/encoding-options.ts';
import { SentText } from '../text/sent-text.ts';

/** Where the objects of a file stand. */
export class ObjectPlaces implements RecordPlaces {
  /** Sees what was sent become text. */
  readonly sent: SentText;
  readonly #starts = new ByRecord<number>();
  /** JSON path of the array that holds them. */
  readonly #array: string | undefined;
  #record = 0;
  #at = 0;

  /** `names`: those that lead to the array in a document. */
  constructor(format: Pick<TextFormat, 'encoding'>, names?: readonly string[]) {
    this.sent = new SentText(format);
    this.#array = names && `$${names.map(step).join('')}`;
  }

  /** The next record begins at this byte. */
  add(byte: number): void {
    this.#starts.add(byte);
  }

  to(record: number): void {
    this.#record = record;
    this.#at = this.#starts.of(record);
  }

  get place(): RecordPlace | undefined {
    const place = this.sent.placeOf(this.#at);
    return this.#array === undefined ? place : { path: `${this.#array}[${this.#record}]`, ...place };
  }
}

function step(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
