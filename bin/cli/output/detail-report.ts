import { decisionCommands } from '../../../lib/core/guards/decision-commands.ts';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';
import { showText } from '../../../lib/core/guards/show-sample.ts';
import type { TableSummary } from '../../../lib/core/run/night-result.ts';
import type { RunDetail } from '../../../lib/workflows/run-detail.ts';
import { printTables } from './night-table.ts';
import type { Output } from './output.ts';
import { printStepTimes, showStepTimes } from './step-times.ts';

/** Reports one run: why it was held, sample rows, and who decided what. */
export function reportDetail(output: Output, detail: RunDetail, stack?: string): number {
  const { run, state, abandoned, tables, holds, warnings, error, decisions, forced, open, opened_at, ended_at } =
    detail;
  output.answer({ run: detail });
  output.print(`${output.paint('bold', run)}  ${state}  ${time(opened_at)}${ended_at ? ` to ${time(ended_at)}` : ''}`);
  if (abandoned) output.print('  Its process ended without a word. Run the same command again to go on.');
  if (Object.keys(tables).length > 0) printTables(output, tables as Record<string, TableSummary>);
  printStepTimes(output, showStepTimes(detail));
  for (const hold of holds) printHold(output, detail, hold, 'yellow');
  for (const warning of warnings) printHold(output, detail, warning, 'dim');
  if (error) {
    output.print(`  ${output.paint('red', error.name)}  ${error.message}`);
    output.print(`  ${error.hint}`);
  }
  for (const { error: name, by, reason, at } of forced)
    output.print(`  ${time(at)}  ${name} let through by ${showText(by)}: ${showText(reason)}`);
  for (const { verdict, guards, by, reason, at } of decisions) {
    const what = guards ? ` ${guards.join(', ')}` : '';
    output.print(`  ${time(at)}  ${verdict}${what} by ${showText(by)}: ${showText(reason)}`);
  }
  if (state !== 'held') return 0;
  const isApproved = open.length === 0;
  for (const [what, command] of decisionCommands({ run, holds, isApproved, stack }).slice(1))
    output.print(`  ${what}: ${command}`);
  return 0;
}

function printHold(output: Output, { samples, open }: RunDetail, hold: Finding, style: 'yellow' | 'dim'): void {
  const { table, guard, column, rule, people } = hold;
  const needs = people !== undefined && open.includes(guard) ? `; ${people} people have to approve it` : '';
  const name = output.paint(style, style === 'dim' ? `unusual: ${guard}` : guard);
  output.print(`  ${name}  ${table ?? 'delivery'}: ${explainHold(hold)}${needs}`);
  const found = samples.find(
    (each) => each.table === table && each.guard === guard && each.column === column && each.rule === rule,
  );
  for (const row of found?.rows ?? []) output.print(`      ${row}`);
}

function time(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}
