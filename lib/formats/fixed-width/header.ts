import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Layout } from './layout.ts';
import type { FixedWidthFormat } from './options.ts';

/**
 * Checks a line of names: they stand at the places of their fields, cut where those are shorter. Blanks at its end may be missing.
 * Throws HEADER_MISMATCH.
 */
export function checkHeader(line: Buffer, { names, starts, ends }: Layout, { unit }: FixedWidthFormat): void {
  const characters = [...line.toString()];
  const textAt = (from: number, to: number) =>
    unit === 'bytes' ? line.toString('utf8', from, to) : characters.slice(from, to).join('');
  for (const [index, name] of cutNames({ names, starts, ends }).entries()) {
    const [from, to] = [starts[index]!, ends[index]!];
    const found = textAt(from, to).trim();
    if (found === name) continue;
    const place = `the header ${excerpt(line.toString())} has ${excerpt(found)} at ${from + 1} to ${to}`;
    throw new NightfeedError(
      'HEADER_MISMATCH',
      `${place}; expected ${excerpt(name)}; without a header leave \`header\` out`,
    );
  }
}

/** The names as they stand above fields of these lengths. */
export function cutNames({ names, starts, ends }: Pick<Layout, 'names' | 'starts' | 'ends'>): string[] {
  return names.map((name, index) =>
    [...name]
      .slice(0, ends[index]! - starts[index]!)
      .join('')
      .trim(),
  );
}
