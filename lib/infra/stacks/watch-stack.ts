import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { NightfeedPipeline } from '../constructs/nightfeed-pipeline.ts';
import { tagAs } from '../constructs/tags.ts';
import { Alarms } from '../constructs/watch/alarms.ts';
import { nightDashboard } from '../constructs/watch/dashboard.ts';

interface WatchStackProps extends StackProps {
  readonly pipeline: NightfeedPipeline;
  readonly runbook?: string | undefined;
}

/** Alarms and dashboard of one feed. */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, { pipeline, runbook, ...props }: WatchStackProps) {
    super(scope, id, props);
    const { alarms } = new Alarms(this, 'Alarms', { pipeline, ...(runbook ? { runbook } : {}) });
    nightDashboard(this, pipeline, alarms);
    tagAs(this, pipeline);
  }
}
