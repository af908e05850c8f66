import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ANY_RESOURCE, acknowledge } from '../acknowledge.ts';
import type { Tasks } from '../tasks.ts';
import { nightDefinition } from './definition.ts';
import type { NightParts } from './step-states.ts';

/** After this the next night begins; an execution that still runs then is stuck. */
const LONGEST_NIGHT = Duration.hours(24);

/** The night as a state machine. */
export class NightMachine extends Construct {
  readonly stateMachine: StateMachine;
  /** Nights and holidays that found production up to date: AWS has no metric for the state in which an execution succeeds. */
  readonly unchanged: Metric;

  constructor(scope: Construct, id: string, parts: NightParts) {
    super(scope, id);
    const { context, tasks } = parts;
    // Names of log groups of state machines need this prefix; otherwise the policy of CloudWatch Logs gets too long.
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${context.names.stateMachine}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stateMachine = new StateMachine(this, 'Machine', {
      stateMachineName: context.names.stateMachine,
      comment: `The night of feed ${context.feed.feed}`,
      definitionBody: DefinitionBody.fromChainable(nightDefinition(this, parts)),
      timeout: LONGEST_NIGHT,
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.unchanged = new MetricFilter(this, 'UnchangedNights', {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'SucceedStateEntered'),
        // A holiday that finds the night before done brings no news, as an unchanged night does.
        FilterPattern.any(
          ...['Unchanged', 'Holiday'].map((name) => FilterPattern.stringValue('$.details.name', '=', name)),
        ),
      ),
      metricNamespace: 'nightfeed',
      metricName: `unchanged-${context.stage}-${context.feed.feed}`,
      metricValue: '1',
      // So that the metric is there from the first night on.
      defaultValue: 0,
    }).metric();
    for (const statement of taskStatements(this, tasks)) this.stateMachine.addToRolePolicy(statement);
    acknowledge(this.stateMachine, ANY_RESOURCE, 'The calls for log delivery and for tracing take no resource.');
  }
}

/** To start containers, to wait for them and to stop them. */
function taskStatements(scope: Construct, { cluster, definitions, executionRole }: Tasks): PolicyStatement[] {
  const stack = Stack.of(scope);
  const ofCluster = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
  return [
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      // All revisions, because executions that began before a deployment run those of then.
      resources: definitions.map(({ family }) =>
        stack.formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${family}:*` }),
      ),
    }),
    new PolicyStatement({ actions: ['ecs:StopTask', 'ecs:DescribeTasks'], resources: [ofCluster] }),
    // RunTask with tags needs it, and only RunTask may use it.
    new PolicyStatement({
      actions: ['ecs:TagResource'],
      resources: [ofCluster],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [executionRole, ...definitions.map(({ taskRole }) => taskRole)].map(({ roleArn }) => roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    // Step Functions makes a rule with this name, through which it learns that a container has ended.
    new PolicyStatement({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: 'StepFunctionsGetEventsForECSTaskRule',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  ];
}
