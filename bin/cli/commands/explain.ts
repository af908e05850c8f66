import { NightfeedError } from '../../../lib/core/errors.ts';
import { type Explanation, explainedWords, explanationsOf } from '../../../lib/core/explain/explain.ts';
import { nearestName } from '../../../lib/core/nearest-name.ts';
import { excerpt } from '../../../lib/core/shown-text.ts';
import type { Cli } from '../cli.ts';
import { tableLines } from '../output/table.ts';

/** Says what a word means that a message, a table or `--json` has. */
export async function explain({ output }: Cli, word: string): Promise<number> {
  const found = explanationsOf(word);
  if (found.length === 0) throw unknown(word);
  output.answer({ meanings: found });
  for (const [index, explanation] of found.entries()) {
    if (index > 0) output.print();
    const { name, kind } = explanation;
    output.print(`${output.paint('bold', name)}  ${kind}`);
    for (const line of linesOf(explanation, output.room)) output.print(line);
  }
  return 0;
}

function linesOf({ tells }: Explanation, room: number): readonly string[] {
  return tableLines(Object.entries(tells), [{}, {}], room);
}

function unknown(word: string): NightfeedError {
  const near = nearestName(word.toUpperCase(), explainedWords) ?? nearestName(word.toLowerCase(), explainedWords);
  return new NightfeedError('USAGE', `no error, guard, reject code or state has the name ${excerpt(word)}`, {
    hint:
      near === undefined
        ? 'Names stand in docs/errors.md, docs/guards.md and docs/reject-codes.md.'
        : `Did you mean ${near}?`,
  });
}
