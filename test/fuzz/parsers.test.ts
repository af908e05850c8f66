import { describe, expect, test } from 'vitest';
import { isFull } from '../support/full.ts';
import { readCorpus } from './parsers/corpus.ts';
import { fuzzParsers } from './parsers/fuzz.ts';
import { faultOf, targets } from './parsers/targets.ts';

const SECONDS = isFull ? 60 : 2;

describe.each(targets)('$name', (target) => {
  const corpus = readCorpus(target.name);

  test('has something to start from', () => {
    expect(corpus.length).toBeGreaterThan(0);
  });

  test.each(corpus)('reads or refuses $name', async ({ bytes }) => {
    expect(await faultOf(target, bytes)).toBeUndefined();
  });
});

test('mutated inputs are read, or refused by name, in little time and memory', {
  timeout: SECONDS * 1000 + 120_000,
}, async () => {
  const { runs, findings } = await fuzzParsers({ seconds: SECONDS, seed: Math.floor(Date.now() / 1000) });
  const told = findings.map(
    ({ target, fault, input }) => `${target}: ${fault}\n${Buffer.from(input).toString('base64')}`,
  );
  expect(told).toEqual([]);
  expect(runs).toBeGreaterThan(targets.length);
});
