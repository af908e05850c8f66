import { readFileSync, writeFileSync } from 'node:fs';
import { explainedGuards } from '../lib/core/explain/guard.ts';

const path = new URL('guards.md', import.meta.url);

/** docs/guards.md with the table of all guards as the code has it; `npm run docs` writes it. */
export function guardsPage(): string {
  const page = readFileSync(path, 'utf8');
  const [before, , after] = page.split(/^(\| option \| guard \|.*\n(?:\|.*\n)+)/m) as [string, string, string];
  return `${before}${guardsTable()}${after}`;
}

function guardsTable(): string {
  const rows = explainedGuards.map(({ option, names, watches, limit }) => {
    const shown = option === undefined ? '' : `\`${option}\` `;
    return `| ${shown}| ${names.map((name) => `\`${name}\``).join(', ')} | ${watches} | ${limit} |\n`;
  });
  return `| option | guard | watches | default |\n|---|---|---|---|\n${rows.join('')}`;
}

if (import.meta.main) writeFileSync(path, guardsPage());
