/** Padded, so that it reads in a terminal too. */
export function table([head, ...rows]: string[][]): string {
  const widths = head!.map((_cell, index) => Math.max(3, ...[head!, ...rows].map((cells) => cells[index]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
