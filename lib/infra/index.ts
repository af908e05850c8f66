/** The package exports this as nightfeed/infra, for CDK apps of users; examples/own-stack is one. */
export { NightfeedPipeline, type NightfeedPipelineProps } from './constructs/nightfeed-pipeline.ts';
export type { PipelineDatabase, PipelineLake, PipelineNetwork, PipelineSecret } from './constructs/pipeline-context.ts';
export { Alarms } from './constructs/watch/alarms.ts';
export { nightDashboard } from './constructs/watch/dashboard.ts';
export { type TaskSize, taskSizeFor } from './task-size.ts';
