import { elementOf, type SchemaNode } from './footer/schema.ts';
import type { ParquetFormat } from './options.ts';

/** A column that a file brings to the table. */
export interface FileColumn {
  /** As the file, or the feed's `fields`, names it. */
  readonly name: string;
  /** Number of the file's column in which it lies. */
  readonly root: number;
  /** The way from there: parts of structs and places in lists, from 0. */
  readonly steps: readonly Step[];
  readonly node: SchemaNode;
}

type Step = { readonly of: 'struct' | 'list'; readonly index: number };

/** The columns of a file and what `fields` takes out of them. A path that leads nowhere brings nothing. */
export function fileColumns(
  columns: readonly SchemaNode[],
  { fields = {} }: Pick<ParquetFormat, 'fields'>,
  declared: ReadonlySet<string>,
): FileColumn[] {
  const taken = Object.entries(fields).flatMap(([name, path]) => alongPath(columns, name, path) ?? []);
  const opened = new Set(taken.map(({ root }) => root));
  const whole = columns.map((node, root): FileColumn => ({ name: node.name, root, steps: [], node }));
  // What was taken apart is known, though it has no column of its own.
  return [...whole.filter(({ name, root }) => !opened.has(root) || declared.has(name)), ...taken];
}

function alongPath(
  columns: readonly SchemaNode[],
  name: string,
  [first, ...rest]: readonly (string | number)[],
): FileColumn | undefined {
  const root = columns.findIndex((column) => column.name === first);
  const column = columns[root];
  if (column === undefined) return undefined;
  let node = column;
  const steps: Step[] = [];
  for (const part of rest) {
    const isPlace = typeof part === 'number';
    const isStruct = node.children !== undefined && node.annotation === undefined && node.repetition < 2;
    const index = isPlace ? part : isStruct ? node.children!.findIndex((child) => child.name === part) : -1;
    const next = isPlace ? elementOf(node) : node.children?.[index];
    if (next === undefined || index < 0) return undefined;
    steps.push({ of: isPlace ? 'list' : 'struct', index });
    node = next;
  }
  return { name, root, steps, node };
}
