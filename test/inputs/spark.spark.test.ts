import { afterAll, beforeAll, test } from 'vitest';
import { describeEngines } from '../support/engines/engines.ts';
import { testInFull } from '../support/full.ts';
import { checkOn } from '../support/nights/input-case.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';
import { encoding } from './cases/encoding.ts';
import { jsonInputs } from './cases/json.ts';
import { keys } from './cases/keys.ts';
import { otherEncodings } from './cases/other-encodings.ts';
import { structure } from './cases/structure.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

// In one file, so that they share a session.
describeEngines(['spark'], (engine) => {
  for (const [about, groups] of Object.entries({
    ...encoding,
    ...otherEncodings,
    ...structure,
    ...keys,
    ...jsonInputs,
  }))
    for (const { subject, cases } of groups)
      for (const [title, delivered, outcome, mark] of cases) {
        // It reaches no engine.
        if (outcome.kind === 'refused') continue;
        const run = mark === engine ? test : testInFull;
        run(`${about}: ${title}`, () => checkOn(engine, lab, subject, { 't.csv': delivered }, outcome));
      }
});
