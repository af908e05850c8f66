import { Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SlackConfig } from '../config.ts';
import type { NightfeedPipeline } from '../constructs/nightfeed-pipeline.ts';
import { tagAs } from '../constructs/tags.ts';
import { Alarms } from '../constructs/watch/alarms.ts';
import { nightDashboard } from '../constructs/watch/dashboard.ts';
import { slackChannel } from '../constructs/watch/slack.ts';

interface WatchStackProps extends StackProps {
  readonly pipeline: NightfeedPipeline;
  readonly runbook?: string | undefined;
  readonly slack?: SlackConfig | undefined;
  /** Go to Slack too: those of the database. */
  readonly alsoTopics?: readonly ITopic[];
}

/** Alarms, dashboard and Slack channel of one feed. */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, { pipeline, runbook, slack, alsoTopics = [], ...props }: WatchStackProps) {
    super(scope, id, props);
    const { alarms } = new Alarms(this, 'Alarms', { pipeline, ...(runbook ? { runbook } : {}) });
    nightDashboard(this, pipeline, alarms);
    tagAs(this, pipeline);
    if (slack)
      slackChannel(this, {
        name: `nightfeed-${pipeline.stackName}`,
        slack,
        topics: [...pipeline.messages.topics, ...alsoTopics],
      });
  }
}
