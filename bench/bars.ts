export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

const WIDTH = 50;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Bars of text to one scale, the longest of them 50 characters. */
export function bars(all: readonly Bar[]): string {
  const longest = Math.max(...all.map(({ value }) => value));
  const labels = all.map(({ label }) => label.replaceAll('`', ''));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  return all
    .map(({ value, unit }, index) => {
      const eighths = Math.max(1, Math.round((value / longest) * WIDTH * 8));
      const bar = '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]!;
      return `${labels[index]!.padEnd(labelWidth)}  ${bar} ${value.toFixed(2)} ${unit}`;
    })
    .join('\n');
}
