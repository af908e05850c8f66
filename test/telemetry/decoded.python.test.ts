import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { NO_PYTHON } from '../../lib/engines/spark/runtime/python-environment.ts';
import { endEvent, startEvent } from '../../lib/telemetry/openlineage/event.ts';
import { metricsRequest } from '../../lib/telemetry/otlp/metrics.ts';
import { traceRequest } from '../../lib/telemetry/otlp/trace.ts';
import { pythonEnvironment } from '../support/engines/python-environment.ts';
import { published, refused } from './nights.ts';

const python = await pythonEnvironment('telemetry', [new URL('requirements.txt', import.meta.url)]);
const title = python ? '' : ` (skipped: ${NO_PYTHON})`;
const test_ = test.skipIf(python === undefined);
const places = { job: 'nightfeed', source: 'ftp://vendor:21', database: 'postgres://db:5432/shop' };
const sender = { 'service.name': 'nightfeed' };

function asked(program: string, input: string | Buffer) {
  const { stdout, stderr } = spawnSync(python!, ['-c', program], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** By OpenTelemetry's own package; `unknown` are fields that its messages do not have. */
const DECODE = (module: string, name: string) => `
import json, sys
from google.protobuf import json_format, unknown_fields
from opentelemetry.proto.collector.${module}.v1.${module}_service_pb2 import ${name} as Request
request = Request.FromString(sys.stdin.buffer.read())
def unknown(message):
    count = len(unknown_fields.UnknownFieldSet(message))
    for field, value in message.ListFields():
        if field.message_type is not None:
            for each in (value if field.is_repeated else [value]):
                count += unknown(each)
    return count
print(json.dumps({'unknown': unknown(request), **json_format.MessageToDict(request)}))`;

type Attribute = { readonly key: string; readonly value: Record<string, unknown> };
const named = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

test_(`a night is a trace, and a step a span of it, to OpenTelemetry's own protobuf package${title}`, () => {
  const found = asked(DECODE('trace', 'ExportTraceServiceRequest'), traceRequest(published, sender));
  expect(found.unknown).toBe(0);
  const [resource] = found.resourceSpans;
  expect(named(resource.resource.attributes)).toEqual(sender);
  const [night, pull, publish, ...others] = resource.scopeSpans[0].spans;
  expect(others).toEqual([]);
  expect(new Set([night, pull, publish].map(({ traceId }) => traceId)).size).toBe(1);
  expect(Buffer.from(night.traceId, 'base64')).toHaveLength(16);
  expect(Buffer.from(night.spanId, 'base64')).toHaveLength(8);
  expect([pull, publish].map(({ parentSpanId }) => parentSpanId)).toEqual([night.spanId, night.spanId]);
  expect(night).toMatchObject({ name: 'night', kind: 'SPAN_KIND_INTERNAL' });
  expect(night).not.toHaveProperty('parentSpanId');
  expect(BigInt(night.endTimeUnixNano) - BigInt(night.startTimeUnixNano)).toBe(61_500_000_000n);
  expect(named(night.attributes)).toMatchObject({
    'nightfeed.run': 'shop/2026-11-20-r2',
    'nightfeed.state': 'published',
  });
  expect(named(pull.attributes)).toEqual({
    'nightfeed.outcome': 'pulled',
    'host.name': 'here',
    'nightfeed.bytes': '8000000000',
    'nightfeed.rows': '10',
    'nightfeed.cpu_seconds': 12.5,
    'nightfeed.peak_memory_bytes': '300000000',
  });
  expect(publish.status).toEqual({ code: 'STATUS_CODE_ERROR', message: 'DATABASE_UNAVAILABLE' });
});

test_(`a refused night is a failed span, without what the vendor said${title}`, () => {
  const request = traceRequest(refused, sender);
  expect(request.includes('hush')).toBe(false);
  const [night] = asked(DECODE('trace', 'ExportTraceServiceRequest'), request).resourceSpans[0].scopeSpans[0].spans;
  expect(night.status).toEqual({ code: 'STATUS_CODE_ERROR', message: 'NOT_GZIP' });
});

test_(`its numbers are gauges${title}`, () => {
  const found = asked(DECODE('metrics', 'ExportMetricsServiceRequest'), metricsRequest(published, sender));
  expect(found.unknown).toBe(0);
  const metrics: {
    name: string;
    unit: string;
    gauge: { dataPoints: { asDouble: number; attributes: Attribute[] }[] };
  }[] = found.resourceMetrics[0].scopeMetrics[0].metrics;
  const points = metrics.flatMap(({ name, unit, gauge }) =>
    gauge.dataPoints.map(({ asDouble, attributes }) =>
      [name, unit, asDouble, ...Object.values(named(attributes)).slice(1)].join(' '),
    ),
  );
  expect(points).toEqual([
    'nightfeed.run.duration s 61.5 published',
    'nightfeed.run.size By 8000000000',
    'nightfeed.table.records {record} 10 items rows',
    'nightfeed.table.records {record} 1 items rejected',
    'nightfeed.table.records {record} 0 items filtered',
    'nightfeed.table.changes {row} 1 items inserted',
    'nightfeed.table.changes {row} 2 items updated',
    'nightfeed.table.changes {row} 3 items gone',
    'nightfeed.step.duration s 30 pull',
    'nightfeed.step.duration s 29 publish',
    'nightfeed.step.cpu s 12.5 pull',
    'nightfeed.step.peak_memory By 300000000 pull',
  ]);
});

/**
 * Makes each part of the events anew from OpenLineage's own classes, which its schema generates: they refuse a field that the schema does
 * not have, the lack of one that it asks for, and an id or time of another form. Their package is not imported as a whole, because it
 * would need what it sends with.
 */
const VALIDATE = `
import importlib, importlib.util, json, sys, types
from dateutil.parser import isoparse
for name in ('openlineage', 'openlineage.client'):
    spec = importlib.util.find_spec(name) if '.' not in name else None
    module = types.ModuleType(name)
    module.__path__ = [p.rstrip('/') + '/' + name.replace('.', '/') for p in sys.path]
    sys.modules[name] = module
generated = 'openlineage.client.generated.'
base = importlib.import_module(generated + 'base')
kinds = {'nominalTime': ('nominal_time_run', 'NominalTimeRunFacet'), 'errorMessage': ('error_message_run', 'ErrorMessageRunFacet'),
  'jobType': ('job_type_job', 'JobTypeJobFacet'), 'schema': ('schema_dataset', 'SchemaDatasetFacet'),
  'inputStatistics': ('input_statistics_input_dataset', 'InputStatisticsInputDatasetFacet'),
  'outputStatistics': ('output_statistics_output_dataset', 'OutputStatisticsOutputDatasetFacet')}
def facets(all):
    made = {}
    for key, facet in (all or {}).items():
        module = importlib.import_module(generated + kinds[key][0])
        kind = getattr(module, kinds[key][1])
        fields = {name: value for name, value in facet.items() if name not in ('_producer', '_schemaURL')}
        if key == 'schema':
            fields['fields'] = [module.SchemaDatasetFacetFields(**field) for field in fields['fields']]
        made[key] = kind(producer=facet['_producer'], **fields)
        assert made[key]._schemaURL == facet['_schemaURL'], (made[key]._schemaURL, facet['_schemaURL'])
    return made
def dataset(kind, told):
    rest = {name: facets(value) if name.lower().endswith('facets') else value for name, value in told.items()}
    return kind(**rest)
count = 0
for told in json.load(sys.stdin):
    isoparse(told['eventTime'])
    schema = told.pop('schemaURL')
    event = base.RunEvent(eventTime=told.pop('eventTime'), producer=told.pop('producer'), eventType=base.EventType(told.pop('eventType')),
        run=base.Run(runId=told['run'].pop('runId'), facets=facets(told['run'].pop('facets'))),
        job=base.Job(facets=facets(told['job'].pop('facets')), **told.pop('job')),
        inputs=[dataset(base.InputDataset, each) for each in told.pop('inputs')],
        outputs=[dataset(base.OutputDataset, each) for each in told.pop('outputs')])
    assert event._get_schema() == schema, (event._get_schema(), schema)
    assert told == {'run': {}}, told
    count += 1
print(count)`;

test_(`events of lineage are such as OpenLineage's own classes take${title}`, () => {
  const events = [startEvent(published, places), endEvent(published, places), endEvent(refused, places)];
  expect(asked(VALIDATE, JSON.stringify(events))).toBe(3);
  const [start, complete, fail] = events;
  expect(events.map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE', 'FAIL']);
  expect(new Set(events.map(({ run }) => run.runId)).size).toBe(1);
  expect(start!.outputs.map(({ name }) => name)).toEqual(['shop.items']);
  expect(complete!.inputs).toMatchObject([{ namespace: 'ftp://vendor:21', name: 'items ü.csv' }]);
  expect(JSON.stringify(complete!.outputs)).toContain('"rowCount":6');
  expect(JSON.stringify(fail)).not.toMatch(/rowCount|hush/);
});
