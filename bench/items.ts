import { quoteIdentifier } from '../lib/core/feed/identifier.ts';
import { postgresType } from '../lib/core/sql/dialects/postgres.ts';
import { columnsOf, type Feed, feedSchema } from '../lib/feed-file/feed.ts';

/** The table that everybody compares; rows that are gone go, and no guard holds, so that all do the same work. */
export function feedOf(format: Readonly<Record<string, unknown>>): Feed {
  return feedSchema.parse({
    feed: 'bench',
    source: { folder: 'vendor/{date}' },
    // The dumps are whole when the clock starts.
    ready: { stable: '0s' },
    tables: {
      items: {
        files: 'items.csv',
        format,
        columns: {
          id: { type: 'bigint', key: true },
          sku: 'text',
          name: 'text',
          category: 'text',
          price: 'decimal(12,2)',
          stock: 'integer',
          updated_at: 'timestamp',
        },
        on_delete: 'delete',
        guards: { gone: '100%', updated: '100%', rows: ['-100%', '+100000%'] },
      },
    },
  });
}

export const feed = feedOf({ type: 'csv' });

export const items = feed.tables.items!;
export const columns = columnsOf(items);
export const dates = { base: '2026-11-20', next: '2026-11-21' } as const;
export const compared = columns.filter((column) => !column.key).map(({ name }) => name);

/** `"id" bigint NOT NULL, "sku" text, …` */
export const postgresColumns = columns
  .map(({ name, type, key }) => `${quoteIdentifier(name)} ${postgresType(type)}${key ? ' NOT NULL' : ''}`)
  .join(', ');
