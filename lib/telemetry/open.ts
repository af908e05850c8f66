import { asNightfeedError } from '../core/errors.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { endEvent, type Places, startEvent } from './openlineage/event.ts';
import { lineageSettings } from './openlineage/settings.ts';
import { metricsRequest } from './otlp/metrics.ts';
import { otlpSettings, type Setting } from './otlp/settings.ts';
import { traceRequest } from './otlp/trace.ts';
import { Sender } from './sender.ts';

interface Surroundings {
  readonly setting: Setting;
  say(text: string): void;
  /** Where the feed's files lie. */
  sourceOf(feed: Feed): string;
  /** The database, as OpenLineage names it. */
  readonly database: string;
}

export interface OpenTelemetry extends Telemetry {
  /** Waits a moment for what is on its way. */
  close(): Promise<void>;
}

/** Telemetry to whom the environment names; undefined where it names nobody. */
export function openTelemetry({ setting, say, sourceOf, database }: Surroundings): OpenTelemetry | undefined {
  const otlp = understood(() => otlpSettings(setting), say);
  const lineage = understood(() => lineageSettings(setting), say);
  if (!otlp && !lineage) return undefined;
  const sender = new Sender(say);
  const placesOf = (feed: Feed): Places => ({ job: lineage!.namespace, source: sourceOf(feed), database });
  const sendEvent = (event: object) => {
    const { url, headers } = lineage!;
    sender.send({ to: 'OPENLINEAGE_URL', url, headers, body: JSON.stringify(event), milliseconds: PATIENCE_MS });
  };
  const sendOtlp = (url: string | undefined, body: Buffer<ArrayBuffer>) => {
    const { headers, milliseconds } = otlp!;
    if (url !== undefined) sender.send({ to: 'the collector of OpenTelemetry', url, headers, body, milliseconds });
  };
  // A mistake of ours in a night that went well is no failure of the night.
  const guarded = (tell: () => void) => {
    try {
      tell();
    } catch (thrown) {
      say(`telemetry lacks this night: ${asNightfeedError(thrown).message}`);
    }
  };
  return {
    begins(night) {
      if (lineage) guarded(() => sendEvent(startEvent(night, placesOf(night.feed))));
    },
    ends(night) {
      if (lineage) guarded(() => sendEvent(endEvent(night, placesOf(night.feed))));
      if (!otlp) return;
      guarded(() => sendOtlp(otlp.traces, traceRequest(night, otlp.sender)));
      guarded(() => sendOtlp(otlp.metrics, metricsRequest(night, otlp.sender)));
    },
    close: () => sender.flush(LAST_MOMENT_MS),
  };
}

/** These variables may be there for all programs of a machine: what we cannot do of them is told, and stops no night. */
function understood<T>(read: () => T, say: (text: string) => void): T | undefined {
  try {
    return read();
  } catch (thrown) {
    say(`no telemetry: ${asNightfeedError(thrown).message}`);
    return undefined;
  }
}

const PATIENCE_MS = 5000;

/** After the night is over and its answer is told. */
const LAST_MOMENT_MS = 2000;
