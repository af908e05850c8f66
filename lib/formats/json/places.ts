import { NameTable } from './name-table.ts';
import { Strangers } from './strangers.ts';

/** What is read of the values at one place of the objects. */
export interface Place {
  /** Number of the field that the value becomes; -1: of none. */
  readonly slot: number;
  /** A name that nothing declares. */
  readonly isUnknown: boolean;
  /** Numbers of the fields that are read within it. */
  readonly within: readonly number[];
  /** What is read of an object at this place, and of an array. */
  readonly members: NameTable<Place> | undefined;
  /** Of the names of these objects. */
  readonly strangers: Strangers<Place>;
  readonly items: ReadonlyMap<number, Place> | undefined;
}

/** Names, and positions in arrays. */
export type Path = readonly (string | number)[];

/** The places of these paths; the number of a path is that of its field. `isUnknown` is asked about all other names of the objects. */
export function placesOf(paths: readonly Path[], isUnknown: (name: string) => boolean): NameTable<Place> {
  const wanted = paths.map((path, slot) => ({ path, slot }));
  return membersOf(wanted, 0, (name) => (isUnknown(name) ? unknown : passed));
}

/** Whether a field is read there, or within it. */
export function isRead({ slot, within }: Place): boolean {
  return slot >= 0 || within.length > 0;
}

/** Paths of names that stand only where a field is missing. */
export function* strangersOf(table: NameTable<Place>, way: Path = []): Generator<Path> {
  for (const { name, meaning } of table.names) yield* strangersWithin(meaning, [...way, name]);
}

function* strangersWithin({ members, strangers, items }: Place, way: Path): Generator<Path> {
  for (const name of strangers.names) yield [...way, name];
  if (members) yield* strangersOf(members, way);
  for (const [index, item] of items ?? []) yield* strangersWithin(item, [...way, index]);
}

const passed: Place = {
  slot: -1,
  isUnknown: false,
  within: [],
  members: undefined,
  strangers: new Strangers(isRead),
  items: undefined,
};
const unknown: Place = { ...passed, isUnknown: true };

interface Wanted {
  readonly path: Path;
  readonly slot: number;
}

function membersOf(wanted: readonly Wanted[], depth: number, other: (name: string) => Place): NameTable<Place> {
  const places = new Map<unknown, Place>(placesAt(wanted, depth));
  return new NameTable((name) => places.get(name) ?? other(name));
}

function placesAt(wanted: readonly Wanted[], depth: number): [string | number, Place][] {
  return [...Map.groupBy(wanted, ({ path }) => path[depth]!)].map(([step, those]) => [step, placeOf(those, depth + 1)]);
}

function placeOf(wanted: readonly Wanted[], depth: number): Place {
  const deeper = wanted.filter(({ path }) => path.length > depth);
  const named = deeper.filter(({ path }) => typeof path[depth] === 'string');
  const numbered = placesAt(deeper, depth).filter((entry): entry is [number, Place] => typeof entry[0] === 'number');
  return {
    slot: wanted.find(({ path }) => path.length === depth)?.slot ?? -1,
    isUnknown: false,
    within: deeper.map(({ slot }) => slot),
    members: named.length > 0 ? membersOf(named, depth, () => passed) : undefined,
    strangers: new Strangers(isRead),
    items: numbered.length > 0 ? new Map(numbered) : undefined,
  };
}
