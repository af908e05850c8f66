import { NameTable } from './name-table.ts';

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
  readonly items: ReadonlyMap<number, Place> | undefined;
}

/** Names, and positions in arrays. */
export type Path = readonly (string | number)[];

/** The places of these paths; the number of a path is that of its field. `isUnknown` is asked about all other names of the objects. */
export function placesOf(paths: readonly Path[], isUnknown: (name: string) => boolean): NameTable<Place> {
  const wanted = paths.map((path, slot) => ({ path, slot }));
  return membersOf(wanted, 0, (name) => (isUnknown(name) ? unknown : passed));
}

const passed: Place = { slot: -1, isUnknown: false, within: [], members: undefined, items: undefined };
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
    items: numbered.length > 0 ? new Map(numbered) : undefined,
  };
}
