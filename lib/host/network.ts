import { readFileSync } from 'node:fs';

/** Bytes since the machine started, over all interfaces but that to itself; null where the system does not tell. */
export function networkBytes(): { readonly received: number; readonly sent: number } | null {
  const table = readable('/proc/net/dev');
  return table === undefined ? null : sumOf(table);
}

/** Of a table as Linux has it: two lines of titles, then a line for each interface. */
export function sumOf(table: string): { readonly received: number; readonly sent: number } {
  const interfaces = table
    .split('\n')
    .slice(2)
    .map((line) => /^\s*([^:]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null && match[1] !== 'lo')
    .map((match) => match![2]!.trim().split(/\s+/).map(Number));
  const sum = (column: number) => interfaces.reduce((total, counts) => total + (counts[column] ?? 0), 0);
  return { received: sum(RECEIVED), sent: sum(SENT) };
}

const RECEIVED = 0;
const SENT = 8;

function readable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
