import { NightfeedError } from '../errors.ts';
import { NamePattern } from '../feed/pattern.ts';
import type { ArrivedFile } from '../run/arrive-receipt.ts';
import { excerpt, excerpts } from '../shown-text.ts';

/** Finds the table of each member of an archive, and what is odd about them all. */
export class MemberRoute {
  /** Names that the feed leaves out, as far as they are told. */
  readonly ignored: string[] = [];
  readonly #shares: readonly ArrivedFile[];
  readonly #met = new Set<string>();
  readonly #untaken: string[] = [];

  /** `shares`: the archive, once for each table that takes members of it. */
  constructor(shares: readonly ArrivedFile[]) {
    this.#shares = shares;
  }

  /** The table that takes a member; undefined when none does. Throws ARCHIVE_SHAPE when several do. */
  tableOf(name: string): string | undefined {
    if (this.#shares[0]!.members!.ignored.some((pattern) => fitsMember(pattern, name))) {
      if (this.ignored.length < MAX_TOLD) this.ignored.push(name);
      return undefined;
    }
    const fitting = this.#shares.filter(({ members }) => fitsMember(members!.taken, name)).map(({ table }) => table);
    if (fitting.length > 1)
      throw this.#shape(
        `${excerpt(name)} fits the tables ${fitting.join(' and ')}; a member belongs to one table`,
        'Write patterns in `files` of which only one fits each member.',
      );
    if (fitting.length === 0) this.#untaken.push(name);
    for (const table of fitting) this.#met.add(table);
    return fitting[0];
  }

  /** Whether a member was there that no table takes: the archive is refused, and nothing more of it need be landed. */
  get isRefused(): boolean {
    return this.#untaken.length > 0;
  }

  /** When all members were seen. Throws ARCHIVE_SHAPE. */
  requireAll(): void {
    if (this.isRefused)
      throw this.#shape(
        `no table takes ${excerpts(this.#untaken, { told: MAX_TOLD })}; expected members that fit ${this.#patterns(this.#shares)}`,
        'Add what they belong to, or name them in `ignore_members`.',
      );
    const lacking = this.#shares.filter(({ table }) => !this.#met.has(table));
    if (lacking.length > 0)
      throw this.#shape(
        `no member fits ${this.#patterns(lacking)}`,
        'Compare `files` with the names in the archive, or ask the vendor for a whole one.',
      );
  }

  #patterns(shares: readonly ArrivedFile[]): string {
    return shares.map(({ table, members }) => `${excerpt(members!.taken)} (${table})`).join(', ');
  }

  #shape(message: string, hint: string): NightfeedError {
    return new NightfeedError('ARCHIVE_SHAPE', message, {
      hint: `Production is untouched. ${hint}`,
    });
  }
}

const MAX_TOLD = 10;

/** Whether a member fits a pattern. Wildcards stay within a folder: each `/` of the name stands in the pattern. */
function fitsMember(pattern: string, name: string): boolean {
  return slashes(pattern) === slashes(name) && new NamePattern(pattern).fits(name);
}

const slashes = (path: string) => path.split('/').length;
