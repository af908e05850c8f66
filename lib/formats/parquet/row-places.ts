import type { RecordPlace, RecordPlaces } from '../../core/records/record-place.ts';
import type { Footer } from './footer/footer.ts';

/** Where the rows of a file stand: DuckDB gives them in the order of its row groups. */
export class RowPlaces implements RecordPlaces {
  readonly #groups: Footer['groups'];
  /** Of the row that `to` went on to: its group, and the rows before that. */
  #group = 0;
  #before = 0;
  #row = 0;

  constructor({ groups }: Footer) {
    this.#groups = groups;
  }

  to(record: number): void {
    this.#row = record;
    for (let rows = this.#rows; record >= this.#before + rows && rows >= 0; rows = this.#rows) {
      this.#before += rows;
      this.#group += 1;
    }
  }

  get place(): RecordPlace {
    return { row_group: this.#group + 1, row: this.#row + 1 };
  }

  get #rows(): number {
    return this.#groups[this.#group]?.rows ?? -1;
  }
}
