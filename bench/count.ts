import { InvalidArgumentError } from 'commander';

export function count(text: string): number {
  if (!/^[\d_]+$/.test(text)) throw new InvalidArgumentError('expected a whole number, such as 1_000_000.');
  return Number(text.replaceAll('_', ''));
}
