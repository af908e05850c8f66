import { type Fields, FooterFault } from './fields.ts';
import { type Meaning, meaningOf } from './meaning.ts';

/** A column of the file, or a part of one. */
export type SchemaNode = Leaf | Group;

interface Named {
  readonly name: string;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition: number;
}

export interface Leaf extends Named {
  readonly physical: number;
  /** Bytes of a value, where all have as many. */
  readonly length: number | undefined;
  readonly meaning: Meaning;
  readonly children?: never;
  readonly annotation?: never;
}

interface Group extends Named {
  readonly annotation: 'list' | 'map' | undefined;
  readonly children: readonly SchemaNode[];
}

/** The columns of the file. Its elements stand one after the other, each group before its children. */
export function schemaOf(elements: readonly Fields[]): readonly SchemaNode[] {
  let at = 1;
  const take = (depth: number): SchemaNode => {
    const element = elements[at];
    if (element === undefined) throw new FooterFault('the schema ends early');
    if (depth > MAX_DEPTH) throw new FooterFault(`columns lie deeper than ${MAX_DEPTH}`);
    at += 1;
    const named = { name: element.text(4), repetition: element.count(3) };
    if (named.repetition > 2) throw new FooterFault(`there is no repetition ${named.repetition}`);
    const children = element.optionalCount(5) ?? 0;
    if (children === 0) return leaf(named, element);
    return { ...named, annotation: annotationOf(element), children: takeAll(children, depth + 1) };
  };
  const takeAll = (count: number, depth: number): SchemaNode[] => {
    if (count > elements.length) throw new FooterFault(`a group has ${count} children`);
    return Array.from({ length: count }, () => take(depth));
  };
  const root = elements[0];
  if (root === undefined) throw new FooterFault('there is no schema');
  const columns = takeAll(root.count(5), 1);
  if (at !== elements.length) throw new FooterFault('the schema has more elements than its groups have children');
  return columns;
}

const MAX_DEPTH = 32;

function leaf(named: Named, element: Fields): Leaf {
  return { ...named, physical: element.count(1), length: element.optionalCount(2), meaning: meaningOf(element) };
}

const LIST = 3;
const MAP = 1;

function annotationOf(element: Fields): Group['annotation'] {
  const logical = element.optionalStruct(10, 'a logical type')?.only;
  const converted = element.optionalCount(6);
  if (logical === LIST || (logical === undefined && converted === LIST)) return 'list';
  // Old writers mark the inner group, or the outer one, with MAP_KEY_VALUE.
  if (logical === 2 || (logical === undefined && (converted === MAP || converted === 2))) return 'map';
  return undefined;
}

/** The leaves below a column, in the order of their chunks, each with its path. */
export function leavesOf(
  node: SchemaNode,
  above: readonly string[] = [],
): readonly (readonly [path: readonly string[], leaf: Leaf])[] {
  const path = [...above, node.name];
  return node.children ? node.children.flatMap((child) => leavesOf(child, path)) : [[path, node]];
}

/** What a list holds; undefined where the group is no list. */
export function elementOf(node: SchemaNode): SchemaNode | undefined {
  const [repeated] = node.children ?? [];
  if (node.children?.length !== 1 || node.annotation !== 'list' || repeated?.repetition !== 2) return undefined;
  // Of old writers' lists with two levels the repeated group is the element itself.
  const isElement =
    repeated.children?.length !== 1 || repeated.name === 'array' || repeated.name === `${node.name}_tuple`;
  return isElement ? repeated : repeated.children[0];
}
