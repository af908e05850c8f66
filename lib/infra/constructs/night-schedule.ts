import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ExecutionInput } from '../../core/cloud/events.ts';
import type { PipelineContext } from './pipeline-context.ts';

interface NightScheduleProps {
  readonly context: PipelineContext;
  readonly stateMachine: IStateMachine;
  readonly deadLetters: IQueue;
}

/** Starts the night at `schedule.at` in the feed's own time zone, in summer and winter. A feed without a schedule gets none. */
export function nightSchedule(scope: Construct, props: NightScheduleProps): Schedule | undefined {
  const { context, stateMachine, deadLetters } = props;
  if (!context.feed.schedule) return undefined;
  const { at, timezone } = context.feed.schedule;
  const [hour, minute] = at.split(':');
  const input = { scheduledTime: ContextAttribute.scheduledTime } satisfies ExecutionInput;
  return new Schedule(scope, 'Schedule', {
    scheduleName: context.names.function('night'),
    description: `Starts the night of feed ${context.feed.feed}`,
    schedule: ScheduleExpression.cron({
      hour: String(Number(hour)),
      minute: String(Number(minute)),
      timeZone: TimeZone.of(timezone),
    }),
    target: new StepFunctionsStartExecution(stateMachine, {
      input: ScheduleTargetInput.fromObject(input),
      deadLetterQueue: deadLetters,
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
    }),
  });
}
