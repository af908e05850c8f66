import { describe, expect, test } from 'vitest';
import type { Process } from '../../lib/core/workflow/process.ts';
import { processes } from '../../lib/core/workflow/processes.ts';
import { appOf, resourcesOf, type Template, templatesOf } from './synthesised.ts';

const pipelineWith = (bus?: string) =>
  templatesOf(appOf({ config: bus === undefined ? {} : { events: { bus } } }))['nightfeed-prod-Pipeline-catalog'];

/** Statements on events by the role's process. */
function putting(template: Template | undefined) {
  const statements = resourcesOf(template, 'AWS::IAM::Policy').flatMap(({ id, Properties }) =>
    (Properties.PolicyDocument.Statement as Record<string, unknown>[]).map((statement) => ({ id, statement })),
  );
  return statements.filter(({ statement }) => JSON.stringify(statement.Action).includes('events:PutEvents'));
}

const tellers = Object.entries<Process>(processes).filter(([, { tells }]) => tells);

describe('events', () => {
  test('are off unless somebody names a bus', () => {
    const template = pipelineWith();
    expect(putting(template)).toEqual([]);
    expect(JSON.stringify(template)).not.toContain('NIGHTFEED_EVENT_BUS');
  });

  test.each([
    ['default', { 'Fn::Join': ['', expect.arrayContaining([':event-bus/default'])] }],
    ['nights', { 'Fn::Join': ['', expect.arrayContaining([':event-bus/nights'])] }],
    [
      'arn:aws:events:eu-west-1:210987654321:event-bus/central',
      'arn:aws:events:eu-west-1:210987654321:event-bus/central',
    ],
  ])('go to the bus %s, from the processes that send messages, with no other source', (bus, arn) => {
    const template = pipelineWith(bus);
    const found = putting(template);
    expect(found).toHaveLength(tellers.length);
    for (const { statement } of found)
      expect(statement).toEqual({
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: arn,
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': ['nightfeed'] },
          Null: { 'events:source': ['false'] },
        },
      });
    const told = resourcesOf(template, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties.Environment?.Variables.NIGHTFEED_EVENT_BUS !== undefined,
    );
    expect(told).toHaveLength(tellers.filter(([, { as }]) => as === 'function').length);
  });
});
