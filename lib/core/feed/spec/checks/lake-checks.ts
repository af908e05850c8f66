import { namesOfTypes, traitsOf } from '../../values/type-traits.ts';
import { deliveryColumns } from '../lake.ts';
import type { Table } from '../table.ts';

type Complain = (message: string, ...path: (string | number)[]) => void;

export function checkLake(spec: Table, complain: Complain): void {
  const { partition_by: names = [] } = spec.lake ?? {};
  if (spec.lake && Object.keys(spec.lake).length === 0) complain('expected partition_by or raw', 'lake');
  for (const [index, name] of names.entries()) {
    const fault = faultOf(spec, names.indexOf(name) < index, name);
    if (fault) complain(fault, 'lake', 'partition_by', index);
  }
  for (const name of names.length > 0 ? deliveryColumns : [])
    if (Object.hasOwn(spec.columns, name))
      complain('in the lake this is the name of a folder of nightfeed', 'columns', name);
}

function faultOf({ columns }: Table, isRepeated: boolean, name: string): string | undefined {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) return `no column ${JSON.stringify(name)}`;
  if (isRepeated) return `${name} is named twice`;
  if (column.store === false) return `${name} is not stored`;
  if (!traitsOf(column.type).namesFolders) {
    const types = namesOfTypes((of) => of.namesFolders === true);
    return `${name} is ${column.type}; expected one of ${types.join(', ')}`;
  }
  return undefined;
}
