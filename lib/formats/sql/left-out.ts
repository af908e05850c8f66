/** Counts what is not read. */
export class LeftOut {
  /** Of other tables. */
  rows = 0;
  readonly #statements = new Map<string, number>();

  add(label: string): void {
    this.#statements.set(label, (this.#statements.get(label) ?? 0) + 1);
  }

  get notes(): string[] {
    const statements = [...this.#statements].map(([label, count]) => `${count} ${label}`);
    return [
      ...(statements.length > 0 ? [`statements left out: ${statements.join(', ')}`] : []),
      ...(this.rows > 0 ? [`${this.rows} row(s) of other tables left out`] : []),
    ];
  }
}
