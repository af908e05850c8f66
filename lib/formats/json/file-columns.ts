import { NightfeedError } from '../../core/errors.ts';
import type { HeaderChange } from '../../core/feed/schema-change.ts';
import { type Binding, bindHeader } from '../../core/records/bind-header.ts';
import { declaredNames, sentNameOf } from '../../core/records/sent-names.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { NameTable } from './name-table.ts';
import { ABSENT, LACKED, type ObjectReader, WITHIN_NULL } from './object-reader.ts';
import type { NdjsonFormat } from './options.ts';
import { type Path, type Place, placesOf, strangersOf } from './places.ts';
import type { RecordSource } from './record-source.ts';

export interface FoundColumns {
  readonly header: string[];
  readonly change: HeaderChange;
  readonly notes: readonly string[];
}

/** Where a record stands, for messages. */
type Placed = Pick<RecordSource, 'place'>;

/**
 * The columns of a file that has no header. They are the declared ones, and names that records bring beside them: with
 * `added: evolve` those are columns too, as far as they are known before the first record is converted.
 */
export class FileColumns {
  readonly #binding: Binding;
  readonly #paths: Readonly<Record<string, Path>>;
  /** Names that paths begin with: what they hold is declared by the paths. */
  readonly #roots: ReadonlySet<unknown>;
  /** Declared columns as objects name them. */
  readonly #sent: readonly string[];
  /** Undeclared names that are fields of the text. */
  #taken: readonly string[] = [];
  /** Undeclared names that records brought, in their order. */
  readonly #others = new Set<string>();
  /** What was seen of each declared column: WAS_NULL, WAS_LACKED, BROUGHT. */
  readonly #seen: Uint8Array;
  /** Of whoever reads the file from its start on. */
  #places: NameTable<Place> | undefined;
  #lacking: number;
  #records = 0;
  /** A name that comes from now on is refused. */
  #isSettled = false;

  constructor({ columns, contract, ignore }: Binding, { fields = {} }: NdjsonFormat) {
    // Names in an object have no order, so none is in the place of another.
    this.#binding = { columns, contract: { ...contract, renamed: 'refuse', reordered: 'evolve' }, ignore };
    this.#paths = fields;
    this.#roots = new Set(Object.values(fields).map(([root]) => root));
    this.#sent = columns.map((column) => sentNameOf(column).name);
    this.#seen = new Uint8Array(columns.length);
    this.#lacking = columns.length;
    const bound = declaredNames(Object.keys(fields), columns, ignore ?? []);
    for (const { name, kind } of bound) if (kind === 'unknown') this.#others.add(name);
  }

  get count(): number {
    return this.#sent.length + this.#taken.length;
  }

  /** Where the values of the fields are. */
  places(): NameTable<Place> {
    const names = [...this.#sent, ...this.#taken];
    const paths = names.map((name): Path => (this.#hasPath(name) ? this.#paths[name]! : [name]));
    this.#places = placesOf(paths, (name) => !this.#taken.includes(name) && this.#isUnknown(name));
    return this.#places;
  }

  /**
   * After the first records, before any is converted: with `added: evolve` the undeclared names that they have become fields.
   * Throws where the rest of the file cannot make it right.
   */
  settle(): void {
    const { added } = this.#binding.contract;
    const isLost = this.#lacking === this.#sent.length || (added === 'refuse' && this.#others.size > 0);
    if (this.#records > 0 && isLost) this.found();
    if (added === 'evolve') this.#taken = [...this.#others];
    this.#isSettled = added === 'evolve' || added === 'refuse';
  }

  /** Learns from an object that was read. Throws SCHEMA_ADD and TOO_WIDE. */
  see({ kinds, unknown }: ObjectReader, at: Placed): void {
    this.#records += 1;
    for (const name of unknown) this.#add(this.#hasPath(name) ? `${name} (not read)` : name, at);
    if (this.#lacking === 0) return;
    for (let slot = 0; slot < this.#seen.length; slot++) {
      const kind = kinds[slot]!;
      if (kind === ABSENT || this.#seen[slot]! >= BROUGHT) continue;
      this.#seen[slot]! |= kind === WITHIN_NULL ? WAS_NULL : kind === LACKED ? WAS_LACKED : BROUGHT;
      if (this.#seen[slot]! >= BROUGHT) this.#lacking -= 1;
    }
  }

  /** After the last record, as the contract decides. Throws what `bindHeader` throws. */
  found(): FoundColumns {
    const brought = this.#sent.filter((_name, slot) => this.#records === 0 || this.#isBrought(slot));
    const names = [...brought, ...this.#others, ...this.#strangers()];
    const { notes, names: _order, ...change } = bindHeader(names, this.#binding, names.join(', '), 'the file');
    const declared = this.#binding.columns.map(({ name }) =>
      change.missing.includes(name) ? `${name} (not sent)` : name,
    );
    return { header: [...declared, ...this.#taken], change, notes };
  }

  /** The columns of the text, before all of it was read. */
  get header(): string[] {
    return [...this.#binding.columns.map(({ name }) => name), ...this.#taken];
  }

  /** A value that is null has no names, so it says nothing of what would stand in it; an object without the name does. */
  #isBrought(slot: number): boolean {
    return this.#seen[slot]! >= BROUGHT || this.#seen[slot] === WAS_NULL;
  }

  /** Names within values of which parts are read, where such a part is missing: it may have another name now. Throws SCHEMA_ADD. */
  #strangers(): string[] {
    if (this.#places === undefined) return [];
    const ignored = this.#binding.ignore ?? [];
    const names = [...strangersOf(this.#places)].map((path) => path.join('.'));
    const found = names.filter((name) => !this.#sent.includes(name) && !ignored.includes(name));
    if (found.length === 0 || this.#binding.contract.added !== 'evolve') return found;
    const message = `objects have ${excerpt(found[0]!, 63)} where a name that \`fields\` reads is missing; \`contract.added\` takes no names from within values`;
    throw new NightfeedError('SCHEMA_ADD', message);
  }

  #add(name: string, at: Placed): void {
    if (this.#others.has(name)) return;
    if (this.#isSettled) throw this.#late(name, at);
    this.#others.add(name);
    if (this.#others.size <= MOST_NAMES) return;
    const message = `${at.place} brings ${excerpt(name)}, the undeclared name number ${MOST_NAMES + 1}; allowed are ${MOST_NAMES}`;
    throw new NightfeedError('TOO_WIDE', message);
  }

  #late(name: string, { place }: Placed): NightfeedError {
    const known =
      this.#binding.contract.added === 'refuse'
        ? 'which is not declared'
        : 'which is neither declared nor in the first records, so there is no column that takes it';
    return new NightfeedError('SCHEMA_ADD', `${place} brings ${excerpt(name, 63)}, ${known}`);
  }

  #hasPath(name: string): boolean {
    return Object.hasOwn(this.#paths, name);
  }

  /** A name that has a path means another value than the one that stands under it. */
  #isUnknown(name: string): boolean {
    if (this.#roots.has(name)) return false;
    const ignored = this.#binding.ignore ?? [];
    if (this.#hasPath(name)) return !ignored.includes(name);
    return declaredNames([name], this.#binding.columns, ignored)[0]!.kind === 'unknown';
  }
}

const WAS_NULL = 1;
const WAS_LACKED = 2;
const BROUGHT = 4;
const MOST_NAMES = 1600;
