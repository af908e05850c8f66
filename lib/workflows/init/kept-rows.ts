export type SampledRow = readonly (string | null)[];

/** About 64 bytes of memory each. */
export const MAX_FIELDS = 4_000_000;

/** As much as a sample has; a field may be long. */
const MAX_CHARACTERS = 64_000_000;

/** Rows in which a key is looked for, as many as memory has room for. */
export class KeptRows {
  readonly rows: SampledRow[] = [];
  #fields = 0;
  #characters = 0;

  /** Whether there is room for another one. */
  add(row: SampledRow): boolean {
    this.rows.push(row);
    this.#fields += row.length;
    for (const field of row) this.#characters += field?.length ?? 0;
    return !this.isFull;
  }

  get isFull(): boolean {
    return this.#fields > MAX_FIELDS || this.#characters > MAX_CHARACTERS;
  }
}
