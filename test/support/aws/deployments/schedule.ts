import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Aws } from '../aws.ts';

interface Schedule {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly Target: { readonly Arn: string; readonly Input: string };
}

/**
 * What EventBridge Scheduler does at the last time before `now` at which a deployed schedule is due: it starts the target with the input,
 * in which it writes that time. LocalStack keeps schedules and never fires them. Resolves to the execution.
 */
export async function fireSchedule(aws: Aws, name: string, now: Date): Promise<{ execution: string; due: string }> {
  const { ScheduleExpression, ScheduleExpressionTimezone, Target } = await deployedSchedule(aws, name);
  const due = `${lastDue(ScheduleExpression, ScheduleExpressionTimezone, now).toISOString().slice(0, 19)}Z`;
  const input = Target.Input.replaceAll('<aws.scheduler.scheduled-time>', due);
  const start = new StartExecutionCommand({ stateMachineArn: Target.Arn, input });
  const { executionArn } = await new SFNClient(aws.client).send(start);
  return { execution: executionArn!, due };
}

async function deployedSchedule({ client }: Aws, name: string): Promise<Schedule> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20261120/${client.region}/scheduler/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(`${client.endpoint}/schedules/${name}?groupName=default`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`no schedule ${name}: ${await answer.text()}`);
  return (await answer.json()) as Schedule;
}

/** The last full minute that a daily expression of ours names, in its time zone. */
export function lastDue(expression: string, timeZone: string, now: Date): Date {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(expression) ?? [];
  if (minute === undefined) throw new Error(`not a daily schedule: ${expression}`);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const wanted = [hour, minute].map((part) => part!.padStart(2, '0')).join(':');
  const MINUTE = 60_000;
  const DAY_MINUTES = 24 * 60;
  for (let ago = 0; ago <= 2 * DAY_MINUTES; ago += 1) {
    const moment = new Date((Math.floor(now.getTime() / MINUTE) - ago) * MINUTE);
    if (clock.format(moment) === wanted) return moment;
  }
  throw new Error(`${expression} is never due`);
}
