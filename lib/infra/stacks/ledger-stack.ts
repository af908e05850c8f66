import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LedgerMigration } from '../constructs/deployment/ledger-migration.ts';
import type { PipelineDatabase, PipelineNetwork } from '../constructs/pipeline-context.ts';

interface LedgerStackProps extends StackProps {
  readonly stage: string;
  readonly network: PipelineNetwork;
  readonly database: PipelineDatabase;
}

/** Migrates the ledger, before the pipelines of a stage are deployed. Apart from the database, so that a migration that fails removes none. */
export class LedgerStack extends Stack {
  readonly migration: LedgerMigration;

  constructor(scope: Construct, id: string, { stage, network, database, ...props }: LedgerStackProps) {
    super(scope, id, props);
    this.migration = new LedgerMigration(this, 'Ledger', { stage, network, database });
  }
}
