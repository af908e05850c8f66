import type { ResidualFile } from './residual-file.ts';

/** What found no equal record, from one place of the walk to another. */
export interface Round {
  readonly base: ResidualFile;
  readonly next: ResidualFile;
}

/** Records of the rest on each side. */
export function residualRecords(rounds: readonly Round[]): { base: number; next: number } {
  const count = (side: keyof Round) => rounds.reduce((sum, round) => sum + round[side].records, 0);
  return { base: count('base'), next: count('next') };
}
