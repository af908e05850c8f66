import { stringify } from 'yaml';
import type { GuessedTable } from '../core/infer/table.ts';
import { excerpts, shownText } from '../core/shown-text.ts';

/** What `init` found, as the text of a feed file with the reasons as comments. */
export interface GuessedFeed {
  readonly feed: string;
  /** As under `source:`. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Names of the samples. */
  readonly samples: readonly string[];
  readonly tables: readonly GuessedTable[];
}

export function guessedFeedText({ feed, source, samples, tables }: GuessedFeed): string {
  const lines = [
    `# Made of ${excerpts(samples, { told: 3, most: 63 })}.`,
    '# Look at each comment: it says what was guessed, and from what.',
    `feed: ${feed}`,
    `source: ${flow(source)}`,
    ...ignoredLines(tables),
    ...('folder' in source ? ['ready: {stable: 5s}  # whole when nobody wrote for so long'] : []),
    'tables:',
    ...tables.flatMap(tableLines),
  ];
  return `${lines.join('\n')}\n`;
}

function ignoredLines(tables: readonly GuessedTable[]): string[] {
  const ignored = [...new Set(tables.flatMap((table) => table.ignored ?? []))];
  return ignored.length === 0 ? [] : [`ignore_members: ${flow(ignored)}  # members of archives that are no data`];
}

function tableLines({ name, files, pick, format, formatReasons, columns, key, guards, rows }: GuessedTable): string[] {
  const reasons = formatReasons.length > 0 ? `# ${formatReasons.join('; ')}` : '';
  const isPlain = Object.keys(format).length === 0;
  return [
    `  ${name}:`,
    `    files: ${flow(files)}`,
    ...(pick ? [`    pick: ${pick.value}  # ${shownText(pick.reason)}`] : []),
    isPlain ? `    ${reasons}` : `    format: ${flow(format)}  ${reasons}`,
    ...(key === null
      ? [`    # No column, and no two or three together, name a row in ${rows} rows: give the key with "key: true".`]
      : []),
    '    columns:',
    ...columns.map((column) => `      ${columnLine(column, key)}`),
    '    on_delete: retain  # rows that the vendor no longer sends stay, stamped in _gone_since; or: delete',
    ...guardLines(guards),
  ];
}

function guardLines(guards: GuessedTable['guards']): string[] {
  if (guards.length === 0)
    return [
      '    # guards: a night waits for you when more than 5 % of the rows vanish, 30 % change or 0.1 % are rejected',
    ];
  return [
    '    guards:  # of what changed in one night, with a margin: a night beyond waits for you',
    ...guards.map(({ name, limit, reason }) => `      ${name}: ${flow(limit)}  # ${shownText(reason)}`),
  ];
}

function columnLine(
  { name, from, type, options, margin, doubt }: GuessedTable['columns'][number],
  key: GuessedTable['key'],
): string {
  const isKey = key?.columns.includes(name) === true;
  const described = { ...(isKey ? { key: true } : {}), ...(from === undefined ? {} : { from }), ...options };
  const value = Object.keys(described).length === 0 ? type : { type, ...described };
  const isFirst = key?.columns[0] === name;
  const notes = [isFirst ? key.reason : undefined, margin, doubt?.question].filter((note) => note !== undefined);
  return `${flow(name)}: ${flow(value)}${notes.length > 0 ? `  # ${notes.join('; ')}` : ''}`;
}

/** One line of YAML. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
}
