import type { z } from 'zod';
import type { ProcessNeeds } from '../../cloud/process-needs.ts';

/** What a feed file says of engines: `engine`, and options under the names of engines. Each is read by its engine alone. */
export interface EngineChoice {
  readonly engine: string;
  readonly [option: string]: unknown;
}

/** All that is known of a kind of engine without opening one: feed schema, versions, rights in the cloud are made of it. */
export interface EngineDescriptor {
  /** `engine: NAME` in a feed file. */
  readonly name: string;
  /** Part of the inputs of a diff: another version may compute another change set. */
  readonly version: string;
  /** What a feed file may say under the engine's name. */
  readonly options?: z.ZodOptional;
  /** null when it need not compare a table of so many uncompressed bytes. */
  demand?(asked: EngineChoice, bytes: number): Demand | null;
  /** It works in a job of its own, for what one machine cannot hold. */
  readonly job?: EngineJob;
}

/** The engine has to compare a table; `reason` is for people. */
export interface Demand {
  readonly reason: string;
}

interface EngineJob {
  /** What a process on AWS needs that starts the job and asks how it is. */
  needs(job: { readonly name: string; readonly arn: string }): ProcessNeeds;
  /** What a deployed feed cannot have, where so many gigabytes fit on a task's disk. */
  faults(asked: EngineChoice, gigabytes: number): readonly string[];
}

/** The engine that has to compare a table of so many bytes, and why; undefined where the engines may choose. */
export function demandingEngine<Kind extends EngineDescriptor>(
  asked: EngineChoice,
  bytes: number,
  kinds: readonly Kind[],
): (Demand & { readonly kind: Kind }) | undefined {
  for (const kind of kinds) {
    const demand = kind.demand?.(asked, bytes);
    if (demand) return { kind, reason: demand.reason };
  }
  return undefined;
}

/** Whether some delivery may need an engine's job. */
export function mayNeedJob(asked: EngineChoice, kinds: readonly EngineDescriptor[]): boolean {
  return demandingEngine(asked, Number.POSITIVE_INFINITY, kinds)?.kind.job !== undefined;
}
