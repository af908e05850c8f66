import { declaredColumnsOf } from '../../columns.ts';
import { type FormatDescriptor, formatKindOf } from '../../descriptors/format-descriptor.ts';
import { traitsOf } from '../../values/type-traits.ts';
import type { Table } from '../table.ts';
import { unfit } from '../value-forms.ts';
import { checkCollapse } from './collapse-checks.ts';
import { checkFiles, checkIgnored } from './file-checks.ts';
import { checkKeyless } from './keyless-checks.ts';
import { checkLake } from './lake-checks.ts';
import { checkNames } from './name-checks.ts';
import { checkRules } from './rule-checks.ts';
import { checkShaping } from './shaping-checks.ts';

interface FeedParts {
  readonly ignore_members?: readonly string[] | undefined;
  readonly tables: Record<string, Table>;
}

/** The same complaints as texts, each with the path of the option. */
export function complaintsAbout(feed: FeedParts, formats: readonly FormatDescriptor[]): string[] {
  const found: string[] = [];
  checkTables(feed, { addIssue: ({ path, message }) => found.push(`${path.join('.')}: ${message}`) }, formats);
  return found;
}

interface Complaints {
  addIssue(issue: { code: 'custom'; message: string; path: (string | number)[] }): void;
}

/** Checks what one option demands of another. Each complaint carries the path of the option. */
export function checkTables(feed: FeedParts, context: Complaints, formats: readonly FormatDescriptor[]): void {
  checkIgnored(feed, (message, ...path) => context.addIssue({ code: 'custom', message, path }));
  for (const [name, spec] of Object.entries(feed.tables)) {
    const complain = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path: ['tables', name, ...path] });
    const kind = formatKindOf(spec.format, formats);
    for (const { message, path } of kind.complaints?.(spec.format, declaredColumnsOf(spec)) ?? [])
      complain(message, ...path);
    if (feed.tables[`${name}_history`] && spec.history)
      complain(`its history table would be ${name}_history, which is declared too`);
    checkFiles(spec, complain);
    checkKeyless(spec, complain);
    checkColumns(spec, complain);
    checkNames(spec, complain);
    checkShaping(spec, complain);
    checkCollapse(spec, complain);
    checkLake(spec, complain);
    checkRules(feed.tables, name, complain);
  }
}

/** Limits of PostgreSQL: 1600 columns, and 8160 bytes a row for values that cannot move out of line. */
const MAX_COLUMNS = 1590;
const MAX_INLINE_BYTES = 8000;

function checkColumns(spec: Table, complain: (message: string, ...path: string[]) => void): void {
  const names = Object.keys(spec.columns);
  if (names.length > MAX_COLUMNS) complain(`${names.length} columns; PostgreSQL allows ${MAX_COLUMNS}`, 'columns');
  const inline = Object.values(spec.columns).reduce((sum, column) => sum + traitsOf(column.type).inlineBytes, 0);
  if (inline > MAX_INLINE_BYTES) complain(`rows of ${inline} bytes; PostgreSQL allows ${MAX_INLINE_BYTES}`, 'columns');
  for (const name of names) {
    if (spec.columns[name]!.key && !spec.columns[name]!.compare)
      complain('a key column is always compared', 'columns', name, 'compare');
    if (spec.columns[name]!.key && spec.columns[name]!.may_be_absent)
      complain('a key column comes in every file', 'columns', name, 'may_be_absent');
    if (spec.columns[name]!.key && traitsOf(spec.columns[name]!.type).comparable === 'no')
      complain(`${spec.columns[name]!.type} cannot be a key`, 'columns', name, 'type');
    const form = unfit(spec.columns[name]!);
    if (form) complain(form.message, 'columns', name, form.option);
  }
}
