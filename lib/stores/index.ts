import type { StoreKind } from '../ports/store-kind.ts';
import { folder } from './folder/descriptor.ts';
import { s3 } from './s3/descriptor.ts';

/** The kinds of store. Among those for one place, the first that can be opened holds the lake. */
export const stores: readonly StoreKind[] = [folder, s3];
