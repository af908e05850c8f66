/** The package exports this as nightfeed/infra, for CDK apps of users; examples/own-stack is one. */
export { LedgerMigration } from './constructs/deployment/ledger-migration.ts';
export { NightfeedPipeline } from './constructs/nightfeed-pipeline.ts';
export type {
  PipelineCluster,
  PipelineDatabase,
  PipelineKeys,
  PipelineLake,
  PipelineNetwork,
  PipelineSecret,
} from './constructs/pipeline-context.ts';
export type { NightfeedPipelineProps } from './constructs/pipeline-props.ts';
export { Alarms } from './constructs/watch/alarms.ts';
export { nightDashboard } from './constructs/watch/dashboard.ts';
export { type TaskSize, taskSizeFor } from './task-size.ts';
