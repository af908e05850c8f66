import type { Command } from 'commander';
import { logLevels } from '../../lib/core/run/log-level.ts';
import type { WantedLines } from '../../lib/core/run/log-line.ts';
import { chosenOf, stack } from './arguments.ts';
import type { Cli, Either } from './cli.ts';

/** The options of `logs`. */
export function addLogs(command: Command, cli: Cli, either: Either): void {
  command
    .option('--stack <name>', stack)
    .option('--step <step>', 'only what this step told, such as pull')
    .option('--level <level>', `these and graver ones: ${logLevels.join(', ')}`, chosenOf(logLevels))
    .action((run: string, options: WantedLines) =>
      either(
        options,
        async () => (await import('./commands/logs.ts')).logs(cli, run, options),
        (onStack, name) => onStack.logs(cli.output, name, run),
      ),
    );
}
