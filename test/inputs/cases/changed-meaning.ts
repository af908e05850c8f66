import { expect } from 'vitest';

type Columns = Record<string, unknown>;

interface Night {
  /** What is declared from now on. */
  readonly columns?: Columns;
  readonly table?: Record<string, unknown>;
  readonly schema?: string;
  /** What somebody does in the database, after the migration unless `first`. */
  readonly sql?: string;
  readonly sqlFirst?: string;
  /** Header and records; the same as before unless told. */
  readonly sent?: readonly string[];
  /** Number of the night whose quarantine is released instead. */
  readonly release?: number;
  readonly updated?: number;
}

export interface Change {
  readonly title: string;
  readonly columns?: Columns;
  readonly table?: Record<string, unknown>;
  readonly first?: readonly string[];
  readonly nights: readonly Night[];
  /** Live rows, as PostgreSQL prints them. */
  readonly live: readonly (readonly (string | null)[])[];
  /** Values of some column of closed versions, in their order. */
  readonly closed?: { readonly column: string; readonly values: readonly (string | null)[] };
}

const key = { type: 'integer', key: true };
export const id = { id: key };
export const open = { min_rows: 0, rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100000%'] };
const uncompared = { type: 'text', compare: false };
const readOnly = { type: 'text', store: false };

/** The second night's value, whichever way it is printed. */
const any = expect.any(String) as unknown as string;

export const changes: readonly Change[] = [
  {
    title: 'a column that was not compared is, when a rejected row comes in',
    columns: { ...id, n: 'integer', note: uncompared },
    first: ['id,n,note', '1,1,a', '2,x,b'],
    nights: [
      { sent: ['id,n,note', '1,1,changed', '2,x,b'] },
      { columns: { ...id, n: { type: 'integer', nulls: ['x'] }, note: 'text' }, release: 2 },
      {},
    ],
    live: [
      ['1', '1', 'changed'],
      ['2', null, 'b'],
    ],
  },
  {
    title: 'a column that was not compared is, and another one changes its type',
    columns: { ...id, n: 'integer', note: uncompared },
    first: ['id,n,note', '1,1,a'],
    nights: [{ sent: ['id,n,note', '1,1,changed'] }, { columns: { ...id, n: 'bigint', note: 'text' }, updated: 1 }],
    live: [['1', '1', 'changed']],
  },
  {
    title: 'a column that was read only is stored',
    columns: { ...id, note: readOnly },
    first: ['id,note', '1,a', '2,'],
    nights: [{ columns: { ...id, note: 'text' }, updated: 1 }],
    live: [
      ['1', 'a'],
      ['2', null],
    ],
  },
  {
    title: 'a column is stored, read only while others come, and stored again',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1,a', '2,b'],
    nights: [
      { columns: { ...id, note: readOnly }, sent: ['id,note', '1,c', '2,b'] },
      { columns: { ...id, note: 'text' }, updated: 1 },
    ],
    live: [
      ['1', 'c'],
      ['2', 'b'],
    ],
  },
  {
    title: 'a column is compared, not compared while it changes, and compared again',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1,a'],
    nights: [
      { columns: { ...id, note: uncompared }, sent: ['id,note', '1,b'], updated: 0 },
      { columns: { ...id, note: 'text' }, updated: 1 },
    ],
    live: [['1', 'b']],
  },
  {
    title: 'a column that a delivery brought is declared',
    table: { contract: { added: 'evolve' } },
    columns: { ...id, n: 'integer' },
    first: ['id,n', '1,1', '2,2'],
    nights: [
      { sent: ['id,n,note', '1,1,a', '2,3,b'], updated: 1 },
      { columns: { ...id, n: 'integer', note: 'text' }, sent: ['id,n,note', '1,1,a', '2,3,b'], updated: 1 },
    ],
    live: [
      ['1', '1', 'a'],
      ['2', '3', 'b'],
    ],
  },
  {
    title: 'rows of a whole night are released after one without a column',
    table: { contract: { missing: 'evolve' } },
    columns: { ...id, n: 'integer', note: 'text' },
    first: ['id,n,note', '1,1,a', '2,x,b'],
    nights: [
      { sent: ['id,n', '1,2', '2,x'] },
      { columns: { ...id, n: { type: 'integer', nulls: ['x'] }, note: 'text' }, release: 1 },
      { sent: ['id,n,note', '1,2,a', '2,x,b'], updated: 0 },
    ],
    live: [
      ['1', '2', 'a'],
      ['2', null, 'b'],
    ],
  },
  {
    title: 'a column is missing for a night, and comes with other values',
    table: { contract: { missing: 'evolve' } },
    columns: { ...id, n: 'integer', note: 'text' },
    first: ['id,n,note', '1,1,a', '2,2,b'],
    nights: [
      { sent: ['id,n', '1,1', '2,3'], updated: 1 },
      { sent: ['id,n,note', '1,1,a', '2,3,c'], updated: 1 },
    ],
    live: [
      ['1', '1', 'a'],
      ['2', '3', 'c'],
    ],
  },
  ...typeChange('timestamp', 'timestamptz', ['2024-03-01 00:30:00', '2024-03-01 00:30:00Z'], '2024-03-01 00:30:00+00'),
  ...typeChange('timestamptz', 'timestamp', ['2024-03-01 00:30:00Z', '2024-03-01 00:30:00'], '2024-03-01 00:30:00'),
  ...typeChange('timestamptz', 'date', ['2024-03-01 00:30:00Z', '2024-03-01'], '2024-03-01'),
  ...typeChange('date', 'timestamptz', ['2024-03-01', '2024-03-01 00:00:00Z'], '2024-03-01 00:00:00+00'),
  ...typeChange('date', 'timestamp', ['2024-03-01', '2024-03-01 00:00:00'], '2024-03-01 00:00:00'),
  ...typeChange('timestamp', 'date', ['2024-03-01 00:30:00', '2024-03-01'], '2024-03-01'),
  ...typeChange('date', 'text', ['2024-03-01'], '2024-03-01'),
  ...typeChange('timestamptz', 'text', ['2024-03-01 00:30:00+00'], '2024-03-01 00:30:00+00'),
  ...typeChange('text', 'timestamptz', ['2024-03-01 00:30:00', '2024-03-01 00:30:00Z'], '2024-03-01 00:30:00+00'),
  ...typeChange('double', 'text', ['0.1'], '0.1'),
  ...typeChange('double', 'text', ['1.0'], '1', 2),
  ...typeChange('text', 'double', ['1.0'], '1'),
  ...typeChange('decimal(6,2)', 'double', ['1.10'], '1.1'),
  ...typeChange('double', 'decimal(6,2)', ['0.10'], '0.10'),
  ...typeChange('decimal(6,2)', 'decimal(8,3)', ['1.10'], '1.100'),
  ...typeChange('decimal(6,2)', 'text', ['1.1'], '1.10', 2),
  ...typeChange('integer', 'text', ['01'], '1', 2),
  ...typeChange('boolean', 'text', ['true'], 'true'),
  {
    title: 'another schema, and back while others came',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1,a', '2,b'],
    nights: [
      { schema: 'elsewhere', sent: ['id,note', '1,a', '3,c'] },
      { schema: 'elsewhere', sent: ['id,note', '1,aa', '3,c'], updated: 1 },
      { sent: ['id,note', '1,aa', '3,c'], updated: 1 },
    ],
    live: [
      ['1', 'aa'],
      ['3', 'c'],
    ],
  },
  {
    title: 'a column is renamed in feed and table',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1,a', '2,b'],
    nights: [
      {
        columns: { ...id, remark: 'text' },
        sqlFirst: 'ALTER TABLE {schema}.t RENAME note TO remark; ALTER TABLE {schema}.t_history RENAME note TO remark',
        sent: ['id,remark', '1,a', '2,c'],
        updated: 1,
      },
    ],
    live: [
      ['1', 'a'],
      ['2', 'c'],
    ],
    closed: { column: 'remark', values: ['b'] },
  },
  {
    title: 'the columns of the key stand in another order',
    columns: { a: key, b: key, note: 'text' },
    first: ['a,b,note', '1,2,x', '3,4,y'],
    nights: [{ columns: { b: key, a: key, note: 'text' }, sent: ['a,b,note', '1,2,x', '3,4,z'], updated: 1 }],
    live: [
      ['2', '1', 'x'],
      ['4', '3', 'z'],
    ],
  },
  {
    title: 'a filter, and cleaning',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1, a', '2,b', '3,c'],
    nights: [{ columns: { ...id, note: { type: 'text', trim: true } }, table: { where: 'id < 3' }, updated: 1 }],
    live: [
      ['1', 'a'],
      ['2', 'b'],
    ],
  },
  {
    title: 'another delete policy and a column to decide by that is not compared',
    columns: { ...id, kind: uncompared, note: 'text' },
    first: ['id,kind,note', '1,keep,a', '2,go,b', '3,keep,c'],
    nights: [
      { table: { on_delete: 'delete', retain_where: "kind = 'keep'" }, sent: ['id,kind,note', '3,keep,d'], updated: 1 },
      { table: { on_delete: 'retain' }, sent: ['id,kind,note', '1,keep,a', '3,keep,d'] },
    ],
    live: [
      ['1', 'keep', 'a'],
      ['3', 'keep', 'd'],
    ],
  },
  {
    title: 'the history is switched off and on',
    columns: { ...id, note: 'text' },
    first: ['id,note', '1,a'],
    nights: [{ table: { history: false }, sent: ['id,note', '1,b'] }, { sent: ['id,note', '1,c'] }],
    live: [['1', 'c']],
    closed: { column: 'note', values: ['b'] },
  },
];

/** A column `v` of another type; row 1 changes on the night after that, so that its version closes. */
function typeChange(
  from: string,
  to: string,
  [before, now = before]: string[],
  printed: string,
  updated = 1,
): Change[] {
  const other = now!.startsWith('2024') ? now!.replace('2024', '2025') : from === 'boolean' ? 'false' : `2${now}`;
  const row = (value: string) => (to === 'text' ? value : printed);
  return [
    {
      title: `${from} becomes ${to}, ${before}`,
      columns: { ...id, v: from },
      first: ['id,v', `1,${before}`, `2,${before}`],
      nights: [
        { columns: { ...id, v: to }, sent: ['id,v', `1,${other}`, `2,${now}`], updated },
        { sent: ['id,v', `1,${now}`, `2,${now}`], updated: 1 },
      ],
      live: [
        ['1', row(now!)],
        ['2', row(now!)],
      ],
      closed: { column: 'v', values: updated === 1 ? [printed, any] : [printed, printed, any] },
    },
  ];
}
