import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { awsError } from './aws-error.ts';

/** How an execution ended. */
export interface Ended {
  /** Name of the last state that it entered. */
  readonly state: string;
  /** null unless the execution failed. */
  readonly error: { readonly name: string; readonly cause: string } | null;
  /** Seconds by state. */
  readonly seconds: Readonly<Record<string, number>>;
}

const POLL_MS = 2000;

/** Follows an execution until it ends, and reports each state that it enters. */
export async function followExecution(
  client: SFNClient,
  execution: string,
  enter: (state: string) => void,
): Promise<Ended> {
  const seconds: Record<string, number> = {};
  let [state, since, seen] = ['', 0, 0];
  for (;;) {
    for (const event of await eventsAfter(client, execution, seen)) {
      seen = event.id!;
      const at = event.timestamp!.getTime();
      const entered = event.stateEnteredEventDetails?.name;
      const isOver = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(event.type!);
      if (state && (entered || isOver)) seconds[state] = (seconds[state] ?? 0) + (at - since) / 1000;
      if (isOver) return { state, error: errorOf(event), seconds };
      if (!entered) continue;
      [state, since] = [entered, at];
      enter(entered);
    }
    await sleep(POLL_MS);
  }
}

/** New events, oldest first. They are read from the end, because an execution that waits for hours has thousands. */
async function eventsAfter(client: SFNClient, execution: string, seen: number): Promise<HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client
      .send(new GetExecutionHistoryCommand({ executionArn: execution, reverseOrder: true, maxResults: 100, nextToken }))
      .catch((error: unknown) => {
        throw awsError(error, `the execution ${execution}`);
      });
    const events = page.events ?? [];
    const news = events.filter(({ id = 0 }) => id > seen);
    found.push(...news);
    nextToken = news.length === events.length ? page.nextToken : undefined;
  } while (nextToken);
  return found.reverse();
}

function errorOf(event: HistoryEvent): Ended['error'] {
  const details =
    event.executionFailedEventDetails ?? event.executionAbortedEventDetails ?? event.executionTimedOutEventDetails;
  if (event.type === 'ExecutionSucceeded') return null;
  return { name: details?.error ?? event.type!.replace('Execution', ''), cause: details?.cause ?? '' };
}
