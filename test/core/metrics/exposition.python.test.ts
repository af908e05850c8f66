import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { exposition } from '../../../lib/core/metrics/exposition.ts';
import { feedMetrics } from '../../../lib/core/metrics/feed-metrics.ts';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import { pythonEnvironment } from '../../support/engines/python-environment.ts';
import { night, nothing } from './feeds.ts';

const python = await pythonEnvironment('telemetry', [new URL('../../telemetry/requirements.txt', import.meta.url)]);
const title = python ? '' : ` (skipped: ${NO_PYTHON})`;

const READ = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([[f.name, f.type, [[s.name, s.labels, s.value] for s in f.samples]]
                  for f in text_string_to_metric_families(sys.stdin.read())]))`;

test.skipIf(python === undefined)(`Prometheus' own client reads what we write${title}`, () => {
  const odd = { ...nothing, feed: 'a"\\\n{},=' };
  const families = feedMetrics([night, odd]);
  const { stdout, stderr } = spawnSync(python!, ['-c', READ], { input: exposition(families), encoding: 'utf8' });
  expect(stderr).toBe('');
  const known = families.filter(({ samples }) => samples.length > 0);
  expect(JSON.parse(stdout)).toEqual(
    known.map(({ name, type, samples }) => [
      name.replace(/_total$/, ''),
      type,
      samples.map(({ labels, value }) => [name, labels, value]),
    ]),
  );
});
