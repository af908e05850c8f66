import { NightfeedError } from '../errors.ts';
import type { ReadingColumn } from '../feed/reading-spec.ts';
import type { HeaderChange } from '../feed/schema-change.ts';
import type { Contract } from '../feed/spec.ts';
import { excerpt, excerpts } from '../shown-text.ts';
import { declaredNames, sentNameOf } from './sent-names.ts';

/** The part of a table's columns that decides how a header binds. */
type HeaderColumn = Pick<ReadingColumn, 'name' | 'key' | 'from' | 'may_be_absent'>;

/** What a table says of the names in a header. */
export interface Binding {
  readonly columns: readonly HeaderColumn[];
  readonly contract: Contract;
  /** Names, as sent, that are not read. */
  readonly ignore?: readonly string[] | undefined;
}

interface BoundHeader extends HeaderChange {
  /** Declared and unknown names in file order. */
  readonly names: string[];
  /** What was left out because the feed says so. */
  readonly notes: readonly string[];
}

/**
 * Binds columns by exact name, in any order that the contract allows. `received` is the header as sent, for messages, and
 * `holder` what has the names.
 * Throws HEADER_MISMATCH, also when an unknown name may be a missing column renamed; HEADER_DUPLICATE; and, as the contract
 * says, SCHEMA_ADD, SCHEMA_MISSING and SCHEMA_REORDERED.
 */
export function bindHeader(
  sent: readonly string[],
  { columns, contract, ignore = [] }: Binding,
  received: string,
  holder = 'the header',
): BoundHeader {
  const declared = columns.map(({ name }) => name);
  const bound = declaredNames(sent, columns, ignore);
  const header = bound.map(({ name }) => name);
  const lacking = without(declared, header);
  const others = bound.filter(({ kind }) => kind === 'unknown').map(({ name }) => name);
  const expected = `expected ${excerpt(columns.map((column) => sentNameOf(column).name).join(', '))}`;
  if (declared.length > 0 && lacking.length === declared.length) {
    throw new NightfeedError(
      'HEADER_MISMATCH',
      `the first record ${excerpt(received)} names no declared column; ${expected}`,
    );
  }
  const leavesOthers = contract.added === 'ignore';
  const duplicate = header.find((name, index) => {
    const isRead = bound[index]!.kind === 'declared' || (bound[index]!.kind === 'unknown' && !leavesOthers);
    return isRead && header.indexOf(name) !== index;
  });
  if (duplicate !== undefined) {
    throw new NightfeedError('HEADER_DUPLICATE', `${holder} names ${excerpt(duplicate)} more than once; ${expected}`);
  }
  const isRenamed = contract.renamed !== 'refuse' && inPlace(header, declared, lacking);
  if (lacking.length > 0 && others.length > 0 && !isRenamed) {
    const difference = `${holder} lacks ${list(lacking)} and has the unknown ${list(others)}`;
    throw new NightfeedError('HEADER_MISMATCH', `${difference}; ${expected}`);
  }
  const names = isRenamed ? declared : header;
  const mayLack = columns.flatMap(({ name, may_be_absent }) => (may_be_absent ? name : []));
  const missing = isRenamed ? [] : without(lacking, mayLack);
  const added = isRenamed || leavesOthers ? [] : others;
  const needed = contract.missing === 'refuse' ? missing : missing.filter((name) => isKey(name, columns));
  if (needed.length > 0) throw new NightfeedError('SCHEMA_MISSING', `${holder} lacks ${list(needed)}; ${expected}`);
  if (added.length > 0 && contract.added === 'refuse')
    throw new NightfeedError('SCHEMA_ADD', `${holder} has the unknown ${list(added)}; ${expected}`);
  const known = names.filter((name) => declared.includes(name));
  const reordered = known.join('\n') !== without(declared, isRenamed ? [] : lacking).join('\n');
  if (reordered && contract.reordered === 'refuse')
    throw new NightfeedError('SCHEMA_REORDERED', `the columns stand as ${excerpt(received)}; ${expected}`);
  const renamed = isRenamed ? Object.fromEntries(lacking.map((name) => [name, header[declared.indexOf(name)]!])) : {};
  const left = leavesOthers && !isRenamed && others.length > 0;
  const absent = isRenamed ? [] : without(lacking, missing);
  const notes = [
    ...(left ? [`columns left out: ${excerpts(others, { told: 10, most: 63 })}`] : []),
    ...(absent.length > 0 ? [`columns absent, so null: ${list(absent)}`] : []),
  ];
  return { names, added, missing, renamed, reordered, notes };
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

/** Whether exactly as many unknown columns stand in the places of the missing ones, and all others where they are declared. */
function inPlace(header: readonly string[], declared: readonly string[], but: readonly string[]): boolean {
  return (
    but.length > 0 &&
    header.length === declared.length &&
    declared.every(
      (name, index) => header[index] === name || (but.includes(name) && !declared.includes(header[index]!)),
    )
  );
}

function isKey(name: string, columns: readonly HeaderColumn[]): boolean {
  return columns.some((column) => column.name === name && column.key);
}

function list(names: readonly string[]): string {
  return excerpts(names, { told: 5, most: 63 });
}
