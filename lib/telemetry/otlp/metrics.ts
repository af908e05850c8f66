import type { EndedNight } from '../../ports/telemetry.ts';
import { type Attributes, attributes, nanoseconds, resource, scope } from './attributes.ts';
import { double, type Field, fixed64, message, text } from './protobuf.ts';

interface Point {
  readonly value: number | null | undefined;
  readonly about?: Attributes;
}

/** ExportMetricsServiceRequest: gauges of what the night came to. Names and units by OpenTelemetry's conventions. */
export function metricsRequest(night: EndedNight, sender: Attributes): Buffer<ArrayBuffer> {
  const { run, at, endedAt, state, tables, steps, files } = night;
  const gauge = (name: string, unit: string, points: readonly Point[]): Field[] => {
    const known = points.flatMap(({ value, about = {} }) =>
      typeof value === 'number' ? [point(night, value, { 'nightfeed.feed': run.feed, ...about })] : [],
    );
    return known.length > 0 ? [message(2, [text(1, name), text(3, unit), message(5, known)])] : [];
  };
  const named = Object.entries(tables);
  const sizes = Object.values(files).flat();
  const ofTables = (...kinds: readonly ('rows' | 'rejected' | 'filtered' | 'inserted' | 'updated' | 'gone')[]) =>
    named.flatMap(([table, numbers]) =>
      kinds.map((kind) => ({ value: numbers[kind], about: { 'nightfeed.table': table, 'nightfeed.kind': kind } })),
    );
  const ofSteps = (value: (step: (typeof steps)[number]) => number | undefined) =>
    steps.map((step) => ({ value: value(step), about: { 'nightfeed.step': step.step } }));
  const seconds = (endedAt.getTime() - at.getTime()) / 1000;
  const metrics = [
    ...gauge('nightfeed.run.duration', 's', [{ value: seconds, about: { 'nightfeed.state': state } }]),
    ...gauge(
      'nightfeed.run.size',
      'By',
      sizes.length > 0 ? [{ value: sizes.reduce((sum, { size }) => sum + size, 0) }] : [],
    ),
    ...gauge('nightfeed.table.records', '{record}', ofTables('rows', 'rejected', 'filtered')),
    ...gauge('nightfeed.table.changes', '{row}', ofTables('inserted', 'updated', 'gone')),
    ...gauge(
      'nightfeed.step.duration',
      's',
      ofSteps((step) => step.seconds),
    ),
    ...gauge(
      'nightfeed.step.cpu',
      's',
      ofSteps((step) => step.cpuSeconds),
    ),
    ...gauge(
      'nightfeed.step.peak_memory',
      'By',
      ofSteps((step) => step.peakMemoryBytes),
    ),
  ];
  return Buffer.from(message(1, [resource(sender), message(2, [scope, ...metrics])]));
}

function point({ at, endedAt }: EndedNight, value: number, about: Attributes): Field {
  return message(1, [
    fixed64(2, nanoseconds(at)),
    fixed64(3, nanoseconds(endedAt)),
    double(4, value),
    ...attributes(7, about),
  ]);
}
