import postgres from 'postgres';
import { expect, test } from 'vitest';
import { cloudNight, DAY, FIRST } from './cloud-night.ts';

const { deployed } = cloudNight();

test('steps in processes of their own log what they took, and tell CloudWatch', async () => {
  const cloud = await deployed();
  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({ state: 'published' });

  const { url } = cloud.lab.database;
  const steps = await queried(
    url,
    `SELECT step, coalesce(outcome, error) AS came, cpu_seconds, rows FROM nightfeed.step_log WHERE date = '${DAY}' ORDER BY "position"`,
  );
  expect(steps.map(({ step, came }) => `${step} ${came}`)).toEqual([
    ...[
      'arrive arrived',
      'pull pulled',
      'diff compared',
      'guard pass',
      'publish published',
      'notify told',
      'tidy tidied',
    ],
  ]);
  const [pull, diff] = [steps[1]!, steps[2]!];
  expect(Number(pull.rows)).toBeGreaterThan(0);
  expect(diff.rows).toBe(pull.rows);
  expect(steps.every((step) => step.cpu_seconds >= 0)).toBe(true);
  const [load] = await queried(
    url,
    `SELECT files, rows_in, accepted FROM nightfeed.load_log WHERE date = '${DAY}' AND state = 'published'`,
  );
  expect(load).toMatchObject({ rows_in: pull.rows });
  expect(Number(load!.files)).toBeGreaterThan(0);

  const told = (name: string) => cloud.measured.filter((metric) => metric.name === name);
  expect(told('StepSeconds').map(({ step }) => step)).toEqual(steps.map(({ step }) => step));
  expect(told('RowsIn').map(({ value }) => value)).toEqual([Number(load!.rows_in)]);
  expect(told('DeliveredBytes')[0]!.value).toBeGreaterThan(0);
  expect(told('LakeBytes')[0]!.value).toBeGreaterThan(0);
  // The feed has no schedule, so no deadline.
  expect(told('MinutesBeforeDeadline')).toEqual([]);
});

async function queried(url: string, statement: string) {
  const sql = postgres(url, { max: 1 });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}
