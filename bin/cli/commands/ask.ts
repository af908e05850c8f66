import { createInterface } from 'node:readline/promises';
import type { GuessedTable } from '../../../lib/core/infer/table.ts';
import { excerpt, shownText } from '../../../lib/core/shown-text.ts';

/** Asks on the terminal what the values of a table do not tell. An empty answer leaves the column as it is, which loses nothing. */
export async function askDoubts(table: GuessedTable): Promise<GuessedTable> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const columns: GuessedTable['columns'][number][] = [];
    for (const column of table.columns) {
      const { doubt, ...plain } = column;
      if (!doubt || doubt.choices.length === 0) {
        columns.push(column);
        continue;
      }
      const choices = doubt.choices.map(({ label }, index) => `${index + 1} ${label}`).join(', ');
      const place = shownText(`${table.name}.${column.name}`);
      const answer = await terminal.question(
        `${place}: ${doubt.question}\n  ${choices}; nothing: as ${column.type} > `,
      );
      const chosen = doubt.choices[Number(answer) - 1];
      columns.push(chosen ? { ...plain, type: chosen.type, options: chosen.options } : column);
    }
    if (table.key !== null) return { ...table, columns };
    const names = (await terminal.question(`${table.name}: which columns name a row? > `)).split(/[\s,]+/);
    const known = names.filter((name) => columns.some((column) => column.name === name));
    return { ...table, columns, key: known.length > 0 ? { columns: known, reason: 'told by a person' } : null };
  } finally {
    terminal.close();
  }
}

/** Asks on the terminal whether the first line of a file names its columns. An empty answer leaves it to the guess. */
export async function askHeader(file: string, firstLine: string): Promise<boolean | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${shownText(file)}: does its first line name the columns?\n  ${excerpt(firstLine)}\n  y, n; nothing: as guessed > `;
    const answer = (await terminal.question(question)).trim().toLowerCase();
    return answer === '' ? undefined : answer.startsWith('y');
  } finally {
    terminal.close();
  }
}
