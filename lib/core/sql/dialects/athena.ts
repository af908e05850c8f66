import type { ColumnType } from '../../feed/values/column-type.ts';
import { nameIn } from '../../feed/values/type-traits.ts';

const types = {
  text: 'string',
  smallint: 'smallint',
  integer: 'int',
  bigint: 'bigint',
  real: 'float',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  uuid: 'string',
};

/** Hive's name for the type of a column in our Parquet files. Times with a zone are in UTC. */
export function athenaType(type: ColumnType): string {
  return nameIn(types, type);
}
