import { NightfeedError } from '../../core/errors.ts';
import { shortHash } from '../../core/feed/reading-spec.ts';
import { objectText, readObject } from '../../core/objects/object-kind.ts';
import { keys, type RunId } from '../../core/run/keys.ts';
import { type ReceiptStep, type Receipts, receiptKinds } from '../../core/run/receipt.ts';
import type { Ports } from '../../ports/ports.ts';
import { removedByKeep } from '../retention/removed-by-keep.ts';

export interface Kept<T> {
  readonly receipt: T;
  /** Short hash of the step's inputs, which is the receipt's name within its run and step. */
  readonly id: string;
}

/**
 * Does the work of a step once for a run and its inputs: when the receipt exists, it is returned. Two attempts may do the work at the same
 * time; then the first receipt counts for both, so that both continue with the same objects.
 */
export async function once<Step extends ReceiptStep>(
  ports: Pick<Ports, 'store'>,
  run: RunId,
  step: Step,
  inputs: unknown,
  work: () => Promise<Receipts[Step]>,
): Promise<Kept<Receipts[Step]>> {
  const id = idOf(inputs);
  const found = await findReceipt(ports, run, step, id);
  if (found) return found;
  const receipt = await work();
  const created = await ports.store.create(keys.receipt(run, step, id), objectText(receiptKinds[step], receipt));
  return created ? { receipt, id } : (await findReceipt(ports, run, step, id))!;
}

/** The receipt of an earlier step. Throws REMOVED_BY_KEEP, OBJECT_MISSING, OBJECT_DAMAGED, OBJECT_MALFORMED, OBJECT_NEWER. */
export async function requireReceipt<Step extends ReceiptStep>(
  ports: Pick<Ports, 'store'>,
  run: RunId,
  step: Step,
  inputs: unknown,
): Promise<Kept<Receipts[Step]>> {
  const found = await findReceipt(ports, run, step, idOf(inputs));
  if (found) return found;
  const key = keys.receipt(run, step, idOf(inputs));
  throw (await removedByKeep(key, ports)) ?? new NightfeedError('OBJECT_MISSING', `the receipt is gone: ${key}`);
}

export async function findReceipt<Step extends ReceiptStep>(
  { store }: Pick<Ports, 'store'>,
  run: RunId,
  step: Step,
  id: string,
): Promise<Kept<Receipts[Step]> | null> {
  const key = keys.receipt(run, step, id);
  const text = await store.readText(key);
  return text === null ? null : { receipt: readObject(receiptKinds[step], text, key), id };
}

function idOf(inputs: unknown): string {
  return typeof inputs === 'string' ? inputs : shortHash(inputs);
}
