import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ExecutionInput } from '../../core/cloud/events.ts';
import type { Weekday } from '../../core/schedule/night-days.ts';
import { hoursSkipped } from '../../core/schedule/zone-clock.ts';
import type { PipelineContext } from './pipeline-context.ts';

interface NightScheduleProps {
  readonly context: PipelineContext;
  readonly stateMachine: IStateMachine;
  readonly deadLetters: IQueue;
}

/**
 * Starts the night at `schedule.at` in the feed's own time zone, in summer and winter. EventBridge Scheduler invokes nothing at a time that
 * the clocks skip in spring. So where they ever skip one there is a second schedule, later by as many hours as they skip; claim answers it
 * `not-due` on all other days, and on those that are not among `days`. A feed without a schedule gets none.
 */
export function nightSchedules(scope: Construct, props: NightScheduleProps): Schedule[] {
  const { feed, names } = props.context;
  if (!feed.schedule) return [];
  const { at, days, timezone } = feed.schedule;
  const hoursLater = hoursSkipped(timezone);
  const first = schedule(scope, props, {
    id: 'Schedule',
    name: names.function('night'),
    description: `Starts the night of feed ${feed.feed}`,
    at,
    days,
    input: {},
  });
  if (hoursLater === 0) return [first];
  const later = schedule(scope, props, {
    id: 'LaterSchedule',
    name: names.function('later'),
    description: `Starts the night of feed ${feed.feed} on days on which the clocks skip ${at}`,
    at: hoursAfter(at, hoursLater),
    input: { hoursLater },
  });
  return [first, later];
}

interface Invocation {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly at: string;
  /** Days of the week; every day without it. */
  readonly days?: readonly Weekday[] | undefined;
  readonly input: ExecutionInput;
}

function schedule(
  scope: Construct,
  { context: { feed }, stateMachine, deadLetters }: NightScheduleProps,
  { id, name, description, at, days, input }: Invocation,
): Schedule {
  const [hour, minute] = at.split(':');
  const whole = { scheduledTime: ContextAttribute.scheduledTime, ...input } satisfies ExecutionInput;
  return new Schedule(scope, id, {
    scheduleName: name,
    description,
    schedule: ScheduleExpression.cron({
      hour: String(Number(hour)),
      minute: String(Number(minute)),
      ...(days ? { weekDay: days.join(',').toUpperCase() } : {}),
      timeZone: TimeZone.of(feed.schedule!.timezone),
    }),
    target: new StepFunctionsStartExecution(stateMachine, {
      input: ScheduleTargetInput.fromObject(whole),
      deadLetterQueue: deadLetters,
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
    }),
  });
}

function hoursAfter(at: string, hours: number): string {
  const [hour, minute] = at.split(':');
  return `${(Number(hour) + hours) % 24}:${minute}`;
}
