import type { BusinessDate } from '../core/feed/business-date.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { CloudMetric } from '../core/metrics/embedded.ts';
import type { FailPoint } from '../core/run/fail-point.ts';
import type { Catalog } from './catalog.ts';
import type { ChannelsOf } from './channel.ts';
import type { Engine } from './engine.ts';
import type { FileFormat } from './file-format.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Meter } from './meter.ts';
import type { RunLog } from './run-log.ts';
import type { Sightings } from './sightings.ts';
import type { Source } from './source.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';
import type { Telemetry } from './telemetry.ts';

/** What the steps need from the world. Adapters implement it, `bin` and `lambdas` choose the adapters. */
export interface Ports {
  /** The kinds of file that feeds may name. */
  readonly formats: readonly FileFormat[];
  openSource(feed: Feed, date: BusinessDate): Promise<Source>;
  readonly store: Store;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly target: Target;
  readonly channels: ChannelsOf;
  /** Where others find the tables of the lake, if anywhere. */
  readonly catalog?: Catalog | undefined;
  /** What earlier processes saw at the source. */
  readonly sightings: Sightings;
  /** AWS roles of which each session is a person of its own, when approvals are counted; none unless told. */
  readonly peopleRoles?: readonly string[];
  /** Without it, steps are logged without what the machine gave them. */
  readonly meter?: Meter;
  /** Tells CloudWatch; absent on a machine of one's own. */
  measure?(feed: string, metrics: readonly CloudMetric[]): void;
  /** Who is told of nights beside the ledger, if anybody. */
  readonly telemetry?: Telemetry | undefined;
  /** Where a process tells what it does, if anywhere. */
  readonly log?: RunLog | undefined;
  now(): Date;
  /** Milliseconds on a clock that nobody sets; only differences mean something. */
  elapsed(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Decompressed bytes of a landing part, instead of 64 MB; tests make it tiny. */
  readonly partBytes?: number;
  /** A named place at which a test may kill the process; nothing in production. */
  reach(point: FailPoint): Promise<void>;
  /** A step begins. */
  begin(step: string): void;
  /** Work of a step so far, in bytes or rows; `total` 0 means unknown. */
  progress(text: string, done: number, total: number): void;
  /** Something that a person should read now; no effect on the run. */
  say(text: string): void;
}

/** A port of which only these methods are used. */
export type Using<Port extends keyof Ports, Methods extends keyof Ports[Port]> = {
  readonly [Name in Port]: Pick<Ports[Name], Methods>;
};
