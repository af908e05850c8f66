import { expect, test } from 'vitest';
import { columnTypeSchema, isColumnType } from '../../../../lib/core/feed/values/column-type.ts';

test.each([
  ['int', 'integer'],
  ['INT4', 'integer'],
  ['int2', 'smallint'],
  ['int8', 'bigint'],
  ['bool', 'boolean'],
  ['float8', 'double'],
  ['double precision', 'double'],
  ['float4', 'real'],
  ['string', 'text'],
  ['numeric(12, 2)', 'decimal(12,2)'],
  ['decimal(5)', 'decimal(5,0)'],
  ['Number(10)', 'decimal(10,0)'],
  ['character varying(40)', 'varchar(40)'],
  ['nvarchar(max)', 'text'],
  ['datetime', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp(3) with time zone', 'timestamptz'],
  ['timestamp  without time  zone', 'timestamp'],
  ['guid', 'uuid'],
  ['time without time zone', 'time'],
  ['duration', 'interval'],
  ['bigint unsigned', 'decimal(20,0)'],
  ['interger', 'integer'],
  ['timestmp', 'timestamp'],
  ['bolean', 'boolean'],
  ['int[]', 'integer[]'],
  ['numeric(12, 2) []', 'decimal(12,2)[]'],
  ['character varying(40)[]', 'varchar(40)[]'],
  ['text(20)[]', 'text[]'],
])('%s is refused, and %s is named instead', (written, meant) => {
  expect(messageOf(written)).toMatch(/^expected one of text, .*; did you mean .*\?$/);
  expect(messageOf(written)).toContain(`did you mean ${meant}?`);
  expect(isColumnType(meant)).toBe(true);
});

test.each([
  ['float', /say double, which holds both, or real$/],
  ['char(3)', /say varchar\(n\) for at most n characters/],
  ['time with time zone', /is not offered: say time/],
  ['timetz', /is not offered/],
  ['money', /say decimal\(12,2\)/],
  ['timestamp(3)', /did you mean timestamp, which has no size\?$/],
  ['text(20)', /did you mean text, which has no size\?$/],
  ['list', /say what it holds too, such as text\[\]$/],
  ['text[][]', /an array has one dimension: say text, or jsonb where the file has JSON$/],
  ['double precision[]', /no array holds double: say text, which keeps what the file has, or jsonb/],
  ['timestamptz[]', /no array holds timestamptz: /],
  ['float[]', /say double, which holds both, or real$/],
  ['numeric', /did you mean decimal\(p,s\)\?$/],
])('%s may mean several things, which is said', (written, message) => {
  expect(messageOf(written)).toMatch(message);
});

test.each([
  'decimal(50,2)',
  'varchar(0)',
  'constructor',
  '__proto__',
  '',
  '(((',
  'x'.repeat(100_000),
  `int${' '.repeat(50_000)}x`,
])('nothing is near %.20s', (written) => expect(messageOf(written)).not.toContain(';'));

function messageOf(written: string): string {
  return columnTypeSchema.safeParse(written).error!.issues[0]!.message;
}
