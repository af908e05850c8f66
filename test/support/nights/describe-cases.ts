import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Cases, check } from './input-case.ts';
import { IntakeLab } from './intake-lab.ts';

/** A test for each, by the usual engines. Gives the lab in which they run, once it is open. */
export function describeCases(all: Cases): () => IntakeLab {
  let lab: IntakeLab;
  beforeAll(async () => {
    lab = await IntakeLab.open();
  });
  afterAll(() => lab.close());

  for (const [title, groups] of Object.entries(all))
    describe(title, () => {
      for (const { subject, cases } of groups)
        for (const [about, delivered, outcome] of cases)
          test(about, () => check(lab, subject, { 't.csv': delivered }, outcome));
    });
  return () => lab;
}
