import { Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';

/** A database of the Glue Data Catalog. The step tidy makes its tables, because only tidy knows which delivery is complete. */
export class LakeCatalog extends Construct {
  constructor(scope: Construct, id: string, { name, feed }: { readonly name: string; readonly feed: string }) {
    super(scope, id);
    new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name, description: `What the vendor's tables of feed ${feed} hold now` },
    });
  }
}
