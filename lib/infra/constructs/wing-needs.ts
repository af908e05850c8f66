import { Stack } from 'aws-cdk-lib';
import type { LakeUse, ProcessNeeds } from '../../core/cloud/process-needs.ts';
import type { EngineDescriptor } from '../../core/feed/descriptors/engine-descriptor.ts';
import type { Zone } from '../../core/run/keys.ts';
import type { Process } from '../../core/workflow/process.ts';
import { type ProcessName, processes } from '../../core/workflow/processes.ts';
import { engines } from '../../engines/index.ts';
import { presentNotifiers } from '../../notifiers/present.ts';
import { stores } from '../../stores/index.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** What a process needs to use the lake, as the kinds of store in the cloud say it. */
export function lakeNeedsOf(name: ProcessName, context: PipelineContext): ProcessNeeds {
  const { bucketName, bucketArn } = context.lake.bucket;
  const use = lakeUse(processes[name], context);
  return together(inTheCloud(stores).map((store) => store.cloud?.({ name: bucketName, arn: bucketArn }, use)));
}

/** What a process needs to send messages, if it sends any. */
export function messageNeedsOf(name: ProcessName, { messages }: PipelineContext): ProcessNeeds {
  const { tells }: Process = processes[name];
  return together((tells ? inTheCloud(presentNotifiers) : []).map((notifier) => notifier.cloud?.(messages.arns)));
}

/** What a process needs to start an engine's job, where the feed may need that engine. */
export function jobNeedsOf(name: ProcessName, { glueJob, messages }: PipelineContext): ProcessNeeds {
  const { distributes }: Process = processes[name];
  if (!distributes || glueJob === null) return together([]);
  const arn = Stack.of(messages).formatArn({ service: 'glue', resource: 'job', resourceName: glueJob });
  const kinds: readonly EngineDescriptor[] = engines;
  return together(kinds.map(({ job }) => job?.needs({ name: glueJob, arn })));
}

function inTheCloud<Kind extends { readonly runs: string }>(kinds: readonly Kind[]): Kind[] {
  return kinds.filter(({ runs }) => runs === 'in the cloud');
}

function together(needs: readonly (ProcessNeeds | undefined)[]): ProcessNeeds {
  return {
    rights: needs.flatMap((need) => need?.rights ?? []),
    environment: Object.assign({}, ...needs.map((need) => need?.environment)),
  };
}

/** Limited to this feed. A process that starts the Glue job also writes the job's plan, into `changes/`. */
export function lakeUse(
  { as, read, write, remove = [], ages, distributes }: Process,
  { feed, glueJob }: Pick<PipelineContext, 'feed' | 'glueJob'>,
): LakeUse {
  const prefixes = (zones: readonly Zone[] = []) => zones.map((zone) => `${zone}/${feed.feed}/`);
  const aging: readonly Zone[] = ages && feed.keep !== undefined ? ['receipts'] : [];
  const logs: readonly Zone[] = ages && feed.keep?.logs !== undefined ? ['logs'] : [];
  const planned: readonly Zone[] = distributes && glueJob !== null ? ['changes'] : [];
  return {
    read: prefixes(read),
    write: [...new Set([...prefixes(write), ...prefixes(planned), ...prefixes(aging)])],
    remove: prefixes([...remove, ...aging, ...logs]),
    listsUploads: as === 'Glue job',
  };
}
