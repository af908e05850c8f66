import type { RecordPlace, RecordPlaces } from '../../core/records/record-place.ts';
import type { Prepared } from '../text/prepared.ts';
import type { Trail } from '../text/trail.ts';

/** What each stage that moves records made of them. */
interface Trails {
  readonly rewritten: Trail;
  readonly filled: Trail;
}

/** Where the records of delimited text stand in the file. */
export class CsvPlaces implements RecordPlaces {
  readonly #prepared: Prepared;
  /** Bytes of the header. */
  readonly #before: number;
  readonly #trails: Trails;

  constructor(prepared: Prepared, before: number, trails: Trails) {
    this.#prepared = prepared;
    this.#before = before;
    this.#trails = trails;
  }

  to(_record: number, offset: number): void {
    const { rewritten, filled } = this.#trails;
    this.#prepared.to(rewritten.sourceOf(this.#before + filled.sourceOf(offset)));
  }

  get place(): RecordPlace | undefined {
    return this.#prepared.place;
  }
}
