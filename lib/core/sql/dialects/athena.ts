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

/** What Hive's catalogs call the type that a column has in our Parquet. Times with a zone are in UTC. */
export function athenaType(type: ColumnType): string {
  return decimalOf(type) ? type : types[type as keyof typeof types];
}
