import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { LakeOptions } from './commands/lake.ts';

/** The options of `lake`. */
export function addLake(command: Command, cli: Cli, exit: (code: number) => void): void {
  command
    .option('--keep <limits...>', 'try limits such as landing=30d changes=400d; nothing is removed')
    .action(async (feeds: string[], options: LakeOptions) =>
      exit(await (await import('./commands/lake.ts')).lake(cli, feeds, options)),
    );
}
