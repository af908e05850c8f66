import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { requireOwn } from '../lib/core/cloud/own-pipeline.ts';
import { stackOf } from '../lib/core/error-text.ts';
import { asNightfeedError, NightfeedError } from '../lib/core/errors.ts';
import { log, startLog } from './compose.ts';
import { ownPipeline } from './own.ts';
import { withStray } from './stray.ts';

/** Makes a handler for Lambda, of one pipeline: the event has to be about this pipeline. */
export function handlerOf<Event, Answer>(
  schema: z.ZodType<Event>,
  work: (event: Event, context: Context) => Promise<Answer>,
): (event: unknown, context: Context) => Promise<Answer> {
  return stageHandlerOf(schema, async (event, context) => {
    requireOwn(event, ownPipeline(context));
    return work(event, context);
  });
}

/** Makes a handler for Lambda. It checks that the event is valid, does the work, and fails with an error name for Step Functions. */
export function stageHandlerOf<Event, Answer>(
  schema: z.ZodType<Event>,
  work: (event: Event, context: Context) => Promise<Answer>,
): (event: unknown, context: Context) => Promise<Answer> {
  return async (event, context) => {
    startLog();
    try {
      const parsed = schema.safeParse(event);
      if (!parsed.success) throw wrongEvent(parsed.error);
      return await withStray(() => work(parsed.data, context));
    } catch (thrown) {
      throw namedError(asNightfeedError(thrown));
    }
  };
}

function wrongEvent({ issues }: z.ZodError): NightfeedError {
  const faults = issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`);
  return new NightfeedError('USAGE', faults.join('; '));
}

/** Lambda shows name, message and stack to everybody who may see the execution, so the stack is removed; it is in the log. */
function namedError(error: NightfeedError): Error {
  const { name, message, hint } = error;
  log(`${name}: ${message} ${hint}`, 'error');
  const stack = stackOf(error);
  if (stack !== undefined) log(stack, 'error');
  return Object.assign(new Error(message), { name, stack: `${name}: ${message}\n${hint}` });
}
