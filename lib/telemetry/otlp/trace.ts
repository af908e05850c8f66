import { createHash } from 'node:crypto';
import { runName } from '../../core/run/keys.ts';
import type { EndedStep } from '../../core/run/step-use.ts';
import type { EndedNight } from '../../ports/telemetry.ts';
import { type Attributes, attributes, nanoseconds, resource, scope } from './attributes.ts';
import { bytes, type Field, fixed64, integer, message, text } from './protobuf.ts';

/** ExportTraceServiceRequest: the night, with a span for each step. */
export function traceRequest(night: EndedNight, sender: Attributes): Buffer<ArrayBuffer> {
  const trace = idOf(night, 'trace', 16);
  const root = idOf(night, 'night', 8);
  const spans = [
    span({ trace, id: root, name: 'night' }, night.at, night.endedAt, aboutNight(night), faultOf(night)),
    ...night.steps.map((step, index) =>
      span(
        { trace, id: idOf(night, `${index}`, 8), parent: root, name: step.step },
        step.beganAt,
        step.endedAt,
        aboutStep(step),
        step.error,
      ),
    ),
  ];
  return Buffer.from(message(1, [resource(sender), message(2, [scope, ...spans])]));
}

interface Named {
  readonly trace: Buffer;
  readonly id: Buffer;
  readonly parent?: Buffer;
  readonly name: string;
}

/** INTERNAL, as OpenTelemetry numbers kinds. */
const INTERNAL = 1n;
const FAILED = 2n;

function span(
  { trace, id, parent, name }: Named,
  began: Date | string,
  ended: Date | string,
  about: Attributes,
  fault: string | undefined,
): Field {
  return message(2, [
    bytes(1, trace),
    bytes(2, id),
    ...(parent ? [bytes(4, parent)] : []),
    text(5, name),
    integer(6, INTERNAL),
    fixed64(7, nanoseconds(began)),
    fixed64(8, nanoseconds(ended)),
    ...attributes(9, about),
    ...(fault === undefined ? [] : [message(15, [text(2, fault), integer(3, FAILED)])]),
  ]);
}

function aboutNight({ run, fence, state, error }: EndedNight): Attributes {
  return {
    'nightfeed.run': runName(run),
    'nightfeed.feed': run.feed,
    'nightfeed.date': run.date,
    'nightfeed.attempt': fence,
    'nightfeed.state': state,
    'error.type': error?.name,
  };
}

function aboutStep({ outcome, error, host, bytes: size, rows, ...use }: EndedStep): Attributes {
  return {
    'nightfeed.outcome': outcome,
    'error.type': error,
    'host.name': host,
    'nightfeed.bytes': size,
    'nightfeed.rows': rows,
    'nightfeed.cpu_seconds': use.cpuSeconds,
    'nightfeed.peak_memory_bytes': use.peakMemoryBytes,
    'nightfeed.free_disk_bytes': use.freeDiskBytes,
    'nightfeed.received_bytes': use.receivedBytes,
    'nightfeed.sent_bytes': use.sentBytes,
  };
}

/** Names only: a message may quote the vendor. */
function faultOf({ error }: EndedNight): string | undefined {
  return error?.name;
}

/** The same for the same try of a run, and for no other. */
function idOf({ run, fence, at }: EndedNight, what: string, length: number): Buffer {
  const named = `${runName(run)} ${fence} ${at.toISOString()} ${what}`;
  return createHash('sha256').update(named).digest().subarray(0, length);
}
