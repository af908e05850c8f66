import { z } from 'zod';
import { anyOf } from '../any-of.ts';
import type { ObjectKind } from '../objects/object-kind.ts';
import type { Stored } from '../objects/stored.ts';
import { parseRunName } from '../run/keys.ts';
import { type ErrorReport, errorReportSchema } from '../run/message.ts';

/** Jobs that people ask for and that take an engine, or long. A job runs in a container, in an execution named after it. */
export const operatorJobKinds = ['show', 'audit', 'release'] as const;
export type OperatorJobKind = (typeof operatorJobKinds)[number];

/** The container that does a job. An audit only reads, as `show` does: with a role of its own each feed would count one role more. */
export const containerOfJob = {
  show: 'show',
  audit: 'show',
  release: 'release',
} as const satisfies Record<OperatorJobKind, OperatorJobKind>;
export type JobContainer = (typeof containerOfJob)[OperatorJobKind];

/** Limits of an answer: it passes through a function, whose response is limited to 6 MB. */
export const MAX_SHOWN = 1000;
export const MAX_ANSWER_BYTES = 4_000_000;

const waiting = {
  run: z.string().refine((name) => parseRunName(name) !== undefined, 'expected a run such as catalog/2026-11-20'),
  table: z.string().nullable(),
  code: z.string().nullable(),
};

const schema = z.discriminatedUnion(
  'kind',
  [
    z.object({
      kind: z.literal('show'),
      ...waiting,
      limit: z.int().min(1).max(MAX_SHOWN),
      /** false: without their places in the vendor's files. */
      places: z.boolean().exactOptional(),
    }),
    z.object({ kind: z.literal('audit') }),
    z.object({ kind: z.literal('release'), ...waiting, by: z.string().min(1) }),
    /** Lets through a date that would be refused. claim does it, in the execution of that name. */
    z.object({ kind: z.literal('force'), date: z.string(), by: z.string().min(1), reason: z.string().min(1) }),
  ],
  { error: `expected a job of the kind ${anyOf([...operatorJobKinds, 'force'])}` },
);

/** A job as the lake keeps it. Only the operator function writes there, so `by` is a proved name. */
export type OperatorJob = Stored<typeof schema>;

export const operatorJob: ObjectKind<OperatorJob> = { name: 'operator job', version: 1, schema, isSealed: false };

const answerSchema = z.union([z.object({ result: z.looseObject({}) }), z.object({ error: errorReportSchema })], {
  error: 'expected a result or an error',
});

/** The answer that the container stored. Whoever asked knows what a result of that job is. */
export type OperatorJobAnswer<Result = object> = { readonly result: Result } | { readonly error: ErrorReport };

export const operatorJobAnswer: ObjectKind<OperatorJobAnswer> = {
  name: 'answer to an operator job',
  version: 1,
  schema: answerSchema,
  isSealed: false,
};

/** A job is named as its execution is. */
export const operatorJobName = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** The execution's name in its ARN. */
export function executionName(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
