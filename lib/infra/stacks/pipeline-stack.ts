import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { NightfeedPipeline } from '../constructs/nightfeed-pipeline.ts';
import type { NightfeedPipelineProps } from '../constructs/pipeline-props.ts';
import { tagAs } from '../constructs/tags.ts';

/** One feed. Its objects in the lake and its rows in the database stay when this stack is removed. */
export class PipelineStack extends Stack {
  readonly pipeline: NightfeedPipeline;

  constructor(scope: Construct, id: string, props: StackProps & NightfeedPipelineProps) {
    super(scope, id, props);
    this.pipeline = new NightfeedPipeline(this, 'Pipeline', props);
    // The construct tags its own resources; CDK puts the roles of schedules beside it.
    tagAs(this, props);
    new CfnOutput(this, 'Stack', { value: this.pipeline.stackName, description: 'nightfeed --stack' });
    new CfnOutput(this, 'StateMachine', { value: this.pipeline.stateMachine.stateMachineArn });
  }
}
