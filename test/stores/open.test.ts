import { expect, test } from 'vitest';
import type { Store } from '../../lib/ports/store.ts';
import type { StoreKind } from '../../lib/ports/store-kind.ts';
import { openStore } from '../../lib/stores/open.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';

const kind = (name: string, runs: StoreKind['runs'], store: Store | null): StoreKind => ({
  name,
  runs,
  open: async () => store,
});

test('the lake is held by the first kind that runs there and whose settings are there', async () => {
  const [first, second] = [inMemoryStore(), inMemoryStore()];
  const kinds = [
    kind('cloud', 'in the cloud', inMemoryStore()),
    kind('unset', 'here', null),
    kind('first', 'here', first),
    kind('second', 'here', second),
  ];
  expect(await openStore(kinds, 'here', { setting: () => undefined })).toBe(first);
  await expect(openStore(kinds.slice(0, 2), 'here', { setting: () => undefined })).rejects.toThrow('no kind of store');
});
