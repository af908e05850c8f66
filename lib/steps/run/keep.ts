import { NightfeedError } from '../../core/errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** Creates an object. If the key exists, its content has to be the same. Throws OBJECT_EXISTS. */
export async function keep(
  { store }: Pick<Ports, 'store'>,
  key: string,
  text: string,
  isSame = (found: string) => found === text,
): Promise<void> {
  if (await store.create(key, text)) return;
  const found = await store.readText(key);
  if (found === null || !isSame(found))
    throw new NightfeedError('OBJECT_EXISTS', `${key} exists already and holds something else`);
}
