import { join } from 'node:path';
import type { StoreKind } from '../../ports/store-kind.ts';

export const folder: StoreKind = {
  name: 'folder',
  runs: 'here',
  async open({ home }) {
    if (home === undefined) return null;
    const { folderStore } = await import('./folder.ts');
    return folderStore(join(home, 'lake'));
  },
};
