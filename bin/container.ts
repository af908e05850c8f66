import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { glueCatalog } from '../lib/aws/glue-catalog.ts';
import { environmentNames } from '../lib/core/cloud/environment-names.ts';
import { LocalEngine } from '../lib/engines/engine.ts';
import { GlueRunner } from '../lib/engines/spark/glue-runner.ts';
import type { Catalog } from '../lib/ports/catalog.ts';
import type { Store } from '../lib/ports/store.ts';

/** The rest is for Node, whose buffers lie outside its heap, and for the system. */
const ENGINE_SHARE = 0.6;

/** An engine of the size of the container that it runs in. */
export function containerEngine(store: Store): LocalEngine {
  // A container may have less than its machine; without a limit of its own this is 0, or more than there is.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const { [environmentNames.glueJob]: job, [environmentNames.bucket]: bucket } = process.env;
  return new LocalEngine({
    store,
    scratch: join(process.env[environmentNames.scratch] ?? tmpdir(), 'nightfeed'),
    memory: `${Math.floor((Math.min(totalmem(), limit) * ENGINE_SHARE) / 1e6)}MB`,
    threads: availableParallelism(),
    say: (text) => process.stderr.write(`${text}\n`),
    // Pull and diff are two containers: what the first saw, the second does not know.
    canStream: false,
    ...(job && bucket
      ? { spark: (lake: Store) => new GlueRunner(lake, { client: new GlueClient({}), job, bucket }) }
      : {}),
  });
}

/** Where tables are shown, when they are. */
export function containerCatalog(): Catalog | undefined {
  const { [environmentNames.catalog]: database, [environmentNames.bucket]: bucket } = process.env;
  return database && bucket ? glueCatalog({ client: new GlueClient({}), database, bucket }) : undefined;
}
