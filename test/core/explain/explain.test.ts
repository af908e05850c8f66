import { expect, test } from 'vitest';
import { errorKinds } from '../../../lib/core/error-kinds.ts';
import { explainedWords, explanationsOf } from '../../../lib/core/explain/explain.ts';
import { guardNames } from '../../../lib/core/guards/guard-names.ts';
import { rejectKinds } from '../../../lib/core/records/reject.ts';
import { runStates } from '../../../lib/core/run/state.ts';

test('every error, guard, reject code and state is explained, in any case', () => {
  const codes = Object.values(rejectKinds).flatMap((kinds) => Object.keys(kinds));
  expect([...explainedWords].sort()).toEqual(
    [...Object.keys(errorKinds), ...guardNames, ...codes, ...runStates].sort(),
  );
  for (const word of explainedWords) {
    const found = explanationsOf(word.toLowerCase());
    expect(found.map(({ name }) => name)).toContain(word);
    expect(explanationsOf(word.toUpperCase())).toEqual(found);
  }
});

test('a name of two things has both meanings', () => {
  expect(explanationsOf('SCHEMA_ADD').map(({ kind }) => kind)).toEqual(['error', 'guard']);
});

test('links are left out, because a terminal has none', () => {
  const told = explainedWords.flatMap((word) => explanationsOf(word)).flatMap(({ tells }) => Object.values(tells));
  expect(told.filter((text) => /\]\(|^\s*$/.test(text))).toEqual([]);
  expect(explanationsOf('FILES_UNUSUAL')[0]!.tells.default).toBe('no limit, only what is usual');
});

test('what nobody says has no meaning', () => {
  expect(explanationsOf('toString')).toEqual([]);
  expect(explanationsOf('')).toEqual([]);
});
