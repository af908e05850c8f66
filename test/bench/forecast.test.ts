import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { basisOf, onFargate, onGlue } from '../../bench/scale/forecast.ts';
import { type EngineName, exponentOfGrowth, type Measurement } from '../../bench/scale/measurement.ts';
import { scalePage } from '../../bench/scale/page.ts';
import { scaleTable } from '../../bench/scale/scale-table.ts';

const measurement = (rows: number, seconds: number, engine: EngineName = 'duckdb'): Measurement => ({
  rows,
  bytes: rows * 100,
  engine,
  seconds,
  peak: 1e9,
});

describe('growth', () => {
  test.each([
    [10, 1],
    [100, 2],
    [1, 0],
  ])('ten times the rows in %d times the time is an exponent of %d', (seconds, exponent) => {
    expect(exponentOfGrowth(measurement(1e6, 1), measurement(1e7, seconds))).toBeCloseTo(exponent);
  });

  test('each size is put beside the one before it of its engine', () => {
    const rows = scaleTable([measurement(1e7, 20), measurement(1e6, 1), measurement(1e7, 3, 'lockstep')]).split('\n');
    expect(rows).toHaveLength(5);
    expect(rows[2]).toMatch(/^\| lockstep \| 10,000,000 .* 3\.00 s +\| 3,333,333 +\| 1,000 MB \| +\|$/);
    expect(rows[4]).toMatch(/^\| duckdb +\| 10,000,000 .* 1\.30 +\|$/);
  });
});

describe('what a delivery would take', () => {
  const basis = (exponent: number, engine: EngineName = 'duckdb') => ({
    at: measurement(80_000_000, 100, engine),
    exponent,
    cores: 2,
  });

  test('needs two sizes; growth that a start hid is linear', () => {
    expect(basisOf([measurement(1e6, 1)], 2)).toBeNull();
    expect(basisOf([measurement(1e5, 9), measurement(1e6, 10), measurement(1e7, 50)], 2)).toMatchObject({
      at: { seconds: 50 },
      exponent: 1,
    });
    expect(basisOf([measurement(1e6, 1), measurement(1e7, 20)], 2)!.exponent).toBeCloseTo(1.301);
  });

  test('on Fargate: as measured in a task of as many cores, dearer in a larger one, nowhere beyond its disk', () => {
    const eight = onFargate(8, basis(1))!;
    expect(eight).toMatchObject({ seconds: 100, cores: 2, size: { cpu: 2048, memory: 8192, storage: 68 } });
    // 2 × 0.03238 + 8 × 0.00356 + 48 × 0.000111 an hour.
    expect(eight.dollars).toBeCloseTo((100 / 3600) * 0.098568);
    const thirty = onFargate(30, basis(1))!;
    expect(thirty.seconds).toBeCloseTo((100 * 30) / 8 / 1.8);
    expect(onFargate(30, basis(1, 'lockstep'))!.seconds).toBeCloseTo((100 * 30) / 8);
    expect(onFargate(31, basis(1))).toBeNull();
  });

  test('on Glue: by the worker rule, one of the workers being the driver', () => {
    const eight = onGlue(8, basis(1, 'spark'));
    expect(eight).toMatchObject({ cores: 8, dpu: 3, size: { type: 'G.1X', workers: 3 } });
    expect(eight.seconds).toBeCloseTo(100 / 1.7 ** 2);
    // Less than a minute is paid as one.
    expect(eight.dollars).toBeCloseTo((60 / 3600) * 3 * 0.44);
    const hundred = onGlue(100, basis(1.1, 'spark'));
    expect(hundred).toMatchObject({ cores: 80, dpu: 22, size: { type: 'G.2X', workers: 11 } });
    expect(hundred.seconds).toBeCloseTo((100 * 12.5 ** 1.1) / 1.7 ** Math.log2(40));
    expect(onGlue(1000, basis(1, 'spark'))).toMatchObject({ dpu: 200, size: { workers: 100 } });
  });
});

test('docs/scale.md is what its measurements come to; `npm run docs` writes it', () => {
  const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  expect(scalePage(read('scale.md'), JSON.parse(read('scale.json')))).toBe(read('scale.md'));
});
