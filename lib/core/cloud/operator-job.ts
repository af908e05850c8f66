import { z } from 'zod';
import { parseRunName } from '../run/keys.ts';

/** What people want done that takes an engine: it runs in a container, in an execution of the job's own name. */
export const operatorJobKinds = ['show', 'release'] as const;
export type OperatorJobKind = (typeof operatorJobKinds)[number];

/** More rows than anybody reads: the answer passes through a function, which may say no more than 6 MB. */
export const MAX_SHOWN = 1000;
export const MAX_ANSWER_BYTES = 4_000_000;

const waiting = {
  run: z.string().refine((name) => parseRunName(name) !== undefined, 'expected a run such as catalog/2026-11-20'),
  table: z.string().nullable(),
  code: z.string().nullable(),
};

/** What somebody asked the operator for, as it lies in the lake. Only that function writes there, so `by` is who proved to be it. */
export const operatorJobSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('show'), ...waiting, limit: z.int().min(1).max(MAX_SHOWN) }),
  z.object({ kind: z.literal('release'), ...waiting, by: z.string().min(1) }),
  /** A date that would be refused is let through; done by claim, in the execution of that name. */
  z.object({ kind: z.literal('force'), date: z.string(), by: z.string().min(1), reason: z.string().min(1) }),
]);
export type OperatorJob = z.output<typeof operatorJobSchema>;

/** Errands are named as executions are. */
export const operatorJobName = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** Name of an execution, of its ARN. */
export function executionName(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
