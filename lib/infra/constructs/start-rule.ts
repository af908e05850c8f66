import { Duration } from 'aws-cdk-lib';
import {
  EventBus,
  EventField,
  type EventPattern,
  type IEventBus,
  Match,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Feed } from '../../core/feed/spec.ts';
import { checkStart, type StartOn, startFolder } from '../start-on.ts';

interface StartRuleProps {
  readonly feed: Feed;
  readonly start: StartOn;
  readonly stateMachine: IStateMachine;
  readonly deadLetters: IQueue;
}

/**
 * Starts an execution for each event that announces a delivery. The input says what the event says, and nothing else of the event: claim
 * decides which night is meant, and whether it is time for it.
 */
export function startRule(scope: Construct, { feed, start, stateMachine, deadLetters }: StartRuleProps): Rule {
  checkStart(feed);
  return new Rule(scope, 'StartRule', {
    description: `Starts the night of feed ${feed.feed} when its delivery comes`,
    eventBus: busOf(scope, 'StartBus', start.bus),
    eventPattern: start.on === 's3' ? objectPattern(feed) : eventPattern(start),
    targets: [
      new SfnStateMachine(stateMachine, {
        input: RuleTargetInput.fromObject({ announced: announced(start) }),
        deadLetterQueue: deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
      }),
    ],
  });
}

/** An event bus that is there already. */
export function busOf(scope: Construct, id: string, bus: string): IEventBus {
  return bus.startsWith('arn:') ? EventBus.fromEventBusArn(scope, id, bus) : EventBus.fromEventBusName(scope, id, bus);
}

function announced(start: StartOn): Record<string, string> {
  const at = EventField.time;
  if (start.on === 's3') return { at, key: EventField.fromPath('$.detail.object.key') };
  return start.date === undefined ? { at } : { at, date: EventField.fromPath(`$.${start.date}`) };
}

function objectPattern(feed: Feed): EventPattern {
  const { bucket, prefix } = startFolder(feed);
  return {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: {
      bucket: { name: [bucket] },
      ...(prefix === '' ? {} : { object: { key: Match.prefix(prefix) } }),
    },
  };
}

/** An event without the field of the date does not match, because EventBridge could make no input of it. */
function eventPattern({ source, detail_type, detail = {}, date }: Extract<StartOn, { on: 'event' }>): EventPattern {
  const [, ...path] = date?.split('.') ?? [];
  const exists = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), Match.exists());
  const wanted = { ...detail, ...(path.length > 0 ? (exists as Record<string, unknown>) : {}) };
  return {
    source: [source],
    detailType: [detail_type],
    ...(Object.keys(wanted).length > 0 ? { detail: wanted } : {}),
  };
}
