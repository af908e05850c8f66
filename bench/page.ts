import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shape } from './dump.ts';
import { type Result, report } from './report.ts';

export interface Run {
  readonly shape: Shape;
  readonly results: readonly Result[];
  readonly command: string;
  readonly machine: string;
}

export const pagePath = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

/** Puts a run into the page, in the place of an earlier one of the same rows and shape. */
export function writePage(run: Run, path = pagePath): void {
  const present = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const own = section(run);
  const others = present.filter((text) => titleOf(text) !== titleOf(own)).map((text) => `${text.trim()}\n`);
  const sections = [...others, own].sort((a, b) => rowsOf(a) - rowsOf(b));
  writeFileSync(path, [HEAD, ...sections].join('\n'));
}

const HEAD = `# Benchmarks

Written by \`npm run bench -- --write\`; a section is one run. All contestants start from the same two dumps, seven columns and
about 90 bytes a row, and must find exactly the changes that the dumps were written with, or the run fails. Each repetition is
a process of its own, after a warm-up; the start of that process is not timed, that of an engine within it is. The night keeps
its receipts and proves what it wrote. Afterwards it tidies, which is measured apart: production has its rows by then.

- **memory**: the largest resident memory of the contestant's processes at one moment, sampled every 50 ms; the program's own pages,
  which they share, count once.
  **at most**: the sum of each process's own high-water mark. **server**: private memory of PostgreSQL's processes, without
  its shared buffers.
- **compared while it landed**: the clock starts after the dump's last byte; its pull, which does the comparing, stands apart.
- Both sides use the same server, which is durable (\`fsync\`, \`synchronous_commit\`) and was vacuumed before.
`;

function section({ shape, results, command, machine }: Run): string {
  return `## ${title(shape)}\n\n\`\`\`sh\n${command}\n\`\`\`\n\n${machine}.\n\n${report(results)}\n`;
}

function title({ rows, changed, inserted, gone, shuffled, top, block }: Shape): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(3))} %`;
  const count = (number: number) => number.toLocaleString('en');
  const shape = [
    `${percent(changed)} changed`,
    `${percent(inserted)} new`,
    `${percent(gone)} gone`,
    ...(shuffled === 'none' ? [] : [shuffled === 'all' ? 'shuffled' : 'shuffled locally']),
    ...(top > 0 ? [`${count(top)} rows inserted at the top`] : []),
    ...(block > 0 ? [`a block of ${count(block)} rows gone`] : []),
  ];
  return `${count(rows)} rows: ${shape.join(', ')}`;
}

function titleOf(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}

function rowsOf(text: string): number {
  return Number(/^## ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? 0);
}
