import type { ObjectKind } from '../objects/object-kind.ts';
import { type ArriveReceipt, arriveReceipt } from './arrive-receipt.ts';
import { type DiffReceipt, diffReceipt } from './diff-receipt.ts';
import { type PullReceipt, pullReceipt } from './pull-receipt.ts';

export interface Receipts {
  readonly arrive: ArriveReceipt;
  readonly pull: PullReceipt;
  readonly diff: DiffReceipt;
}

export type ReceiptStep = keyof Receipts;

/** The kinds of receipts by the step that leaves them. */
export const receiptKinds: { readonly [Step in ReceiptStep]: ObjectKind<Receipts[Step]> } = {
  arrive: arriveReceipt,
  pull: pullReceipt,
  diff: diffReceipt,
};
