import type { z } from 'zod';
import { anyOf } from '../any-of.ts';
import { excerpt } from '../shown-text.ts';

/** A fault as zod tells it, as far as it is read here. */
export interface Fault {
  readonly code: z.core.$ZodIssue['code'];
  readonly path: readonly PropertyKey[];
  readonly message?: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
}

/** Which field of a value is not as its schema says, what was expected there and what stands there; the value may be anybody's. */
export function faultIn(value: unknown, issue: Fault, others = 0): string {
  const place = issue.path.length === 0 ? '' : `${placeOf(issue.path)}: `;
  const more = others > 0 ? `, and ${others} more` : '';
  return `${place}expected ${expectedBy(issue)}, received ${received(valueAt(value, issue.path))}${more}`;
}

/** Steps of a path that are told. */
const MAX_STEPS = 12;
const MAX_NAME = 40;
const MAX_VALUE = 60;
const plainName = /^\w{1,40}$/;

function placeOf(path: readonly PropertyKey[]): string {
  const told = path.slice(0, MAX_STEPS).map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    const name = String(step);
    return `${index === 0 ? '' : '.'}${plainName.test(name) ? name : excerpt(name, MAX_NAME)}`;
  });
  return told.join('');
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function expectedBy({ code, message, expected, values, minimum, maximum }: Fault): string {
  if (message?.startsWith(EXPECTED)) return message.slice(EXPECTED.length);
  if (code === 'invalid_type' && expected !== undefined) return kinds[expected] ?? expected;
  if (values !== undefined)
    return anyOf(values.map((value) => (typeof value === 'string' ? excerpt(value) : String(value))));
  if (minimum !== undefined) return `at least ${minimum}`;
  if (maximum !== undefined) return `at most ${maximum}`;
  return 'something else';
}

/** How a schema that says itself what it expects begins. */
const EXPECTED = 'expected ';

function received(value: unknown): string {
  if (typeof value === 'string') return excerpt(value, MAX_VALUE);
  if (Array.isArray(value)) return 'a list';
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (within, step) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, step)
        ? (within as Readonly<Record<PropertyKey, unknown>>)[step]
        : undefined,
    value,
  );
}
