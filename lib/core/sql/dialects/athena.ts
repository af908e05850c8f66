import type { ColumnType } from '../../feed/values/column-type.ts';
import { decimalOf } from '../../feed/values/column-type.ts';

const types = {
  text: 'string',
  integer: 'int',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  uuid: 'string',
  json: 'string',
} as const;

/** Hive's name for the type of a column in our Parquet files. Times with a zone are in UTC. */
export function athenaType(type: ColumnType): string {
  return decimalOf(type) ? type : types[type as keyof typeof types];
}
