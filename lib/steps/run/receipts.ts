import { NightfeedError } from '../../core/errors.ts';
import { contentHash } from '../../core/feed/reading-spec.ts';
import { keys, type RunId } from '../../core/run/keys.ts';
import { sealed, unsealed } from '../../core/run/sealed.ts';
import type { Ports } from '../../ports/ports.ts';

export interface Kept<T> {
  readonly receipt: T;
  /** Short hash of the step's inputs: names the receipt within its run and step. */
  readonly id: string;
}

/**
 * The work of a step, once per run and inputs: a step that finds its receipt returns it. Two attempts may both do the
 * work; the first receipt wins and the other adopts it, so that both go on with the same objects.
 */
export async function once<T>(
  ports: Pick<Ports, 'store'>,
  run: RunId,
  step: string,
  inputs: unknown,
  work: () => Promise<T>,
): Promise<Kept<T>> {
  const id = idOf(inputs);
  const found = await findReceipt<T>(ports, run, step, id);
  if (found) return found;
  const receipt = await work();
  const created = await ports.store.create(keys.receipt(run, step, id), sealed(receipt as object, 1));
  return created ? { receipt, id } : (await findReceipt<T>(ports, run, step, id))!;
}

/** The receipt of an earlier step. Throws OBJECT_MISSING, OBJECT_DAMAGED. */
export async function requireReceipt<T>(
  ports: Pick<Ports, 'store'>,
  run: RunId,
  step: string,
  inputs: unknown,
): Promise<Kept<T>> {
  const found = await findReceipt<T>(ports, run, step, idOf(inputs));
  if (found) return found;
  throw new NightfeedError('OBJECT_MISSING', `the receipt is gone: ${keys.receipt(run, step, idOf(inputs))}`);
}

export async function findReceipt<T>(
  { store }: Pick<Ports, 'store'>,
  run: RunId,
  step: string,
  id: string,
): Promise<Kept<T> | null> {
  const key = keys.receipt(run, step, id);
  const text = await store.readText(key);
  return text === null ? null : { receipt: unsealed<T>(text, key), id };
}

function idOf(inputs: unknown): string {
  return typeof inputs === 'string' ? inputs : contentHash(inputs).slice(0, 16);
}
