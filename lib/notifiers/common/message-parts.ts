import { explainFiles } from '../../core/delivery/explain-files.ts';
import { decisionCommands } from '../../core/guards/decision-commands.ts';
import { explainHold } from '../../core/guards/explain-hold.ts';
import type { Finding } from '../../core/guards/finding.ts';
import type { FileChoice } from '../../core/run/diff-receipt.ts';
import type { RunMessage } from '../../core/run/message.ts';
import type { UsualCounts } from '../../core/run/usual-numbers.ts';
import { shownLines } from '../../core/shown-text.ts';
import { showDuration } from './duration.ts';

/** A deployed pipeline, `<stage>-<feed>`, for the commands in a message; undefined on a machine of one's own. */
type Stack = string | undefined;

/** The message as text for a person who is woken at 2:40. */
export function textOf(message: RunMessage, stack?: Stack): string {
  return shownLines([message.subject, ...partsOf(message, stack)].join('\n\n'));
}

/** What a message says below its subject, most important first. */
export function partsOf(message: RunMessage, stack?: Stack): string[] {
  const { run, error, holds, warnings, link } = message;
  const parts = [
    error ? [`${error.name}: ${error.message}`, error.hint] : [],
    holdLines(holds),
    warnings.length > 0 ? ['Unusual:', ...holdLines(warnings)] : [],
    ...sampleBlocks(message),
    tableLines(message),
    [...productionLine(message), ...timeLine(message)],
    nextSteps(message, stack),
    [`run ${run}`, ...(link === undefined ? [] : [`more: ${link}`])],
  ];
  return parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
}

export function holdLines(holds: readonly Finding[]): string[] {
  return holds.map((hold) => {
    const people = hold.people === undefined ? '' : `; ${hold.people} people have to approve it`;
    return `${hold.guard} ${hold.table ?? 'delivery'}: ${explainHold(hold)}${people}`;
  });
}

export function sampleBlocks({ samples = [] }: RunMessage): string[][] {
  return samples.map(({ table, guard, column, rule, rows }) => [
    `${guard} ${table ?? 'delivery'}${[column, rule].map((name) => (name === undefined ? '' : ` ${name}`)).join('')}, some rows:`,
    ...rows,
  ]);
}

const counts = ['inserted', 'updated', 'returned', 'gone', 'rejected'] as const;

export function tableLines({ tables, usual = {} }: RunMessage): string[] {
  return Object.entries(tables).flatMap(([name, numbers]) => {
    const known = numbers as Partial<Record<(typeof counts)[number] | 'rows' | 'retained', number>> & {
      files?: FileChoice;
      notes?: readonly string[];
    };
    const shown = known.retained === undefined ? counts : ([...counts, 'retained'] as const);
    const files = known.files ? `; ${explainFiles(known.files)}` : '';
    const delivered = known.rows === undefined ? '' : `${known.rows.toLocaleString('en')} rows, `;
    const numbersTold = shown.map((count) => `${(known[count] ?? 0).toLocaleString('en')} ${count}`).join(', ');
    const notes = (known.notes ?? []).map((note) => `  note: ${note}`);
    return [`${name}: ${delivered}${numbersTold}${files}`, ...usualLine(usual[name] ?? {}), ...notes];
  });
}

function usualLine(usual: UsualCounts): string[] {
  const ranges = Object.entries(usual).map(([count, [lowest, highest]]) => {
    const range = lowest === highest ? [lowest] : [lowest, highest];
    return `${range.map((number) => number.toLocaleString('en')).join(' to ')} ${count}`;
  });
  return ranges.length === 0 ? [] : [`  usual: ${ranges.join(', ')}`];
}

/** Whether production is safe. An error says it in its hint. */
function productionLine({ state, error }: RunMessage): string[] {
  if (error !== null) return [];
  if (state === 'published') return ['Production holds this delivery.'];
  if (state === 'unchanged') return ['Production holds these rows already; nothing was written.'];
  if (state === 'held') return ['Production is untouched and waits for a decision.'];
  return ['Production is untouched.'];
}

function timeLine({ times }: RunMessage): string[] {
  if (times === undefined) return [];
  const { began, ended, deadline } = times;
  const took = `It took ${showDuration(Date.parse(ended) - Date.parse(began))}`;
  if (deadline === undefined) return [`${took}.`];
  const left = Date.parse(deadline) - Date.parse(ended);
  return [`${took}, and ended ${showDuration(Math.abs(left))} ${left >= 0 ? 'before' : 'after'} the deadline.`];
}

export function nextSteps({ run, state, holds }: RunMessage, stack: Stack): string[] {
  if (state !== 'held') return [];
  return decisionCommands({ run, holds, stack }).map(([what, command]) => `${what}: ${command}`);
}
