import { commandErrors } from './error-kinds/command.ts';
import { databaseErrors } from './error-kinds/database.ts';
import { deliveryErrors } from './error-kinds/delivery.ts';
import type { ErrorKind } from './error-kinds/error-kind.ts';
import { lakeErrors } from './error-kinds/lake.ts';
import { sourceErrors } from './error-kinds/source.ts';

export type { ErrorState } from './error-kinds/error-kind.ts';

/** Every foreseen failure. The names are the contract with Step Functions, docs/errors.md and `--json` readers. */
export const errorKinds = {
  ...deliveryErrors,
  ...sourceErrors,
  ...lakeErrors,
  ...databaseErrors,
  ...commandErrors,
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof errorKinds;
