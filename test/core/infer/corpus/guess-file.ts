import type { GuessedTable } from '../../../../lib/core/infer/table.ts';
import { formats } from '../../../../lib/formats/index.ts';
import { sources } from '../../../../lib/sources/index.ts';
import { openSource } from '../../../../lib/sources/open.ts';
import { guessTables } from '../../../../lib/workflows/init/init.ts';

/** What `init` says of one file in a folder. */
export async function guessedTable(folder: string, name: string): Promise<GuessedTable> {
  const surroundings = { date: '2000-01-01', folder, secret: () => '' };
  const source = await openSource({ source: { folder } } as never, sources, surroundings);
  const ports = { source, before: null, formats, say() {}, engine: { keepLocally: () => Promise.reject() } };
  const [table] = await guessTables({ samples: [name], previous: [], most: MOST_BYTES }, ports);
  await source.close();
  return table!;
}

const MOST_BYTES = 64_000_000;
