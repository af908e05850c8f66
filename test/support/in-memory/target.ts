import { columnsOf, type Feed } from '../../../lib/core/feed/spec.ts';
import type { Publication, PublishedTable, PublishOutcome, Target } from '../../../lib/ports/target.ts';
import type { InMemoryLedger } from './ledger.ts';

/** Keeps what was published, and the ledger with it. It holds no rows: whoever tests rows needs PostgreSQL. */
export class InMemoryTarget implements Pick<Target, 'inspect' | 'targetObjects' | 'publish' | 'tidy'> {
  readonly #ledger: InMemoryLedger;
  readonly published: Publication[] = [];

  constructor(ledger: InMemoryLedger) {
    this.#ledger = ledger;
  }

  async targetObjects() {
    return [];
  }

  async inspect({ tables }: Feed) {
    const shown = (name: string) => ({
      filled: this.published.some(({ receipt }) => name in receipt.tables),
      columns: columnsOf(tables[name]!).map((column) => ({ name: column.name, type: column.type })),
      restart: null,
    });
    return Object.fromEntries(Object.keys(tables).map((name) => [name, shown(name)]));
  }

  async publish(publication: Publication): Promise<PublishOutcome> {
    const tables: Record<string, PublishedTable> = {};
    for (const [name, { inserted, updated, gone }] of Object.entries(publication.receipt.tables))
      tables[name] = { inserted, updated, gone, returned: 0 };
    const before = this.#ledger.commit(publication, tables);
    if (before) return { kind: 'already', tables: before };
    this.published.push(publication);
    return { kind: 'published', tables };
  }

  async tidy(): Promise<void> {}
}
