import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { log } from '../lambdas/compose.ts';
import { glueCatalog } from '../lib/aws/glue-catalog.ts';
import { environmentNames } from '../lib/core/cloud/environment-names.ts';
import { LocalEngine } from '../lib/engines/engine.ts';
import { GlueRunner } from '../lib/engines/spark/glue-runner.ts';
import type { Catalog } from '../lib/ports/catalog.ts';
import type { Store } from '../lib/ports/store.ts';

/** The engine's share of the container's memory. Node, whose buffers lie outside its heap, and the system need the rest. */
const ENGINE_SHARE = 0.6;

/** An engine with the memory of the container that it runs in. `canStream`: the same container pulls and compares. */
export function containerEngine(store: Store, canStream: boolean): LocalEngine {
  // A container may have less memory than its machine. Without a limit this is 0, or more than the machine has.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const { [environmentNames.glueJob]: job, [environmentNames.bucket]: bucket } = process.env;
  return new LocalEngine({
    store,
    scratch: join(process.env[environmentNames.scratch] ?? tmpdir(), 'nightfeed'),
    memory: `${Math.floor((Math.min(totalmem(), limit) * ENGINE_SHARE) / 1e6)}MB`,
    threads: availableParallelism(),
    say: (text) => log(text, 'warn'),
    canStream,
    ...(job && bucket
      ? { spark: (lake: Store) => new GlueRunner(lake, { client: new GlueClient({}), job, bucket }) }
      : {}),
  });
}

/** The catalogue in which tables are shown; undefined where they are not shown. */
export function containerCatalog(): Catalog | undefined {
  const { [environmentNames.catalog]: database, [environmentNames.bucket]: bucket } = process.env;
  return database && bucket ? glueCatalog({ client: new GlueClient({}), database, bucket }) : undefined;
}
