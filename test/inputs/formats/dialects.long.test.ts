import { test } from 'vitest';
import { describeCases } from '../../support/nights/describe-cases.ts';
import { check, noted, refused } from '../../support/nights/input-case.ts';
import { dialects, unended } from '../cases/dialects.ts';

const lab = describeCases(dialects);

const { subject, whole, broken } = unended;
test.each([
  ['proved by its container', whole, noted('no final line end', { 3: ['3', 'a', 'b'] })],
  ['not whole', broken, refused('NO_FINAL_NEWLINE')],
] as const)('a last record without its end, %s', (_about, bytes, outcome) =>
  check(lab(), subject.subject, { 't.csv.gz': bytes }, outcome),
);
