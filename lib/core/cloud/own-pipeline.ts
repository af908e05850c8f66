import { z } from 'zod';
import { NightfeedError } from '../errors.ts';
import { parseFeedKey, parseRunName } from '../run/keys.ts';

/** The pipeline that a function belongs to. Ledger and lake hold other feeds too. */
export interface OwnPipeline {
  readonly feed: string;
  /** ARN of the state machine. */
  readonly stateMachine: string;
}

/** The fields of events (events.ts) that name a run, a feed document or an execution. */
const names = z.object({
  run: z.string().optional(),
  feed: z.string().optional(),
  execution: z.string().optional(),
  looked: z.union([z.literal(false), z.object({ run: z.string() })]).optional(),
  input: z.object({ feed: z.string().optional(), resumes: z.string().optional() }).optional(),
  detail: z.object({ executionArn: z.string() }).optional(),
});

/** Refuses an event about another feed or about an execution of another state machine. Throws RUN_UNKNOWN. */
export function requireOwn(event: unknown, { feed, stateMachine }: OwnPipeline): void {
  const { run, feed: document, execution, looked, input, detail } = names.parse(event);
  for (const name of [run, input?.resumes, looked ? looked.run : undefined])
    if (name !== undefined && parseRunName(name)?.feed !== feed)
      throw new NightfeedError('RUN_UNKNOWN', `this pipeline's runs are those of ${feed}, not ${name}`);
  for (const key of [document, input?.feed])
    if (key !== undefined && parseFeedKey(key)?.feed !== feed)
      throw new NightfeedError('RUN_UNKNOWN', `this pipeline's documents are those of ${feed}, not ${key}`);
  for (const arn of [execution, detail?.executionArn])
    if (arn !== undefined && !isExecutionOf(stateMachine, arn))
      throw new NightfeedError('RUN_UNKNOWN', `this pipeline's executions are those of ${stateMachine}, not ${arn}`);
}

/** arn:aws:states:eu-west-1:123456789012:execution:nightfeed-dev-shop-night:NAME */
function isExecutionOf(stateMachine: string, execution: string): boolean {
  const start = `${stateMachine.replace(':stateMachine:', ':execution:')}:`;
  return execution.startsWith(start) && /^[^:]+$/.test(execution.slice(start.length));
}
