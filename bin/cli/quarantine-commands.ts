import type { Command } from 'commander';
import { deployed, json, positive, stack } from './arguments.ts';
import type { Cli, Either } from './cli.ts';

/** The commands below `quarantine`. */
export function addQuarantine(parent: Command, cli: Cli, either: Either): void {
  const { output } = cli;
  const filtered = (name: string, description: string) =>
    parent
      .command(name)
      .description(description)
      .option('--json', json)
      .option('--table <table>', 'only rows of this table')
      .option('--code <code>', 'only rows with this reason, such as FORMAT');
  filtered('list', 'how many rows wait, by run, table and reason')
    .option('--stack <name>', stack)
    .option('--feed <feed>', 'only rows of this feed')
    .option('--run <run>', 'only rows of this run')
    .action((options: { feed?: string; run?: string; table?: string; code?: string }) =>
      either(
        options,
        async () => (await import('./commands/quarantine.ts')).list(cli, options),
        (onStack, name) => onStack.quarantine(output, name, options),
      ),
    );
  filtered('show <run>', 'the rows with reason, place in the file and raw text')
    .option('--limit <n>', 'how many; 20 on a terminal, all with --csv', positive)
    .option('--csv <file>', 'into a file that is safe to open in a spreadsheet')
    .option('--no-places', "without their places in the vendor's files, which are read for them")
    .option('--stack <name>', stack)
    .action((run: string, options: { table?: string; code?: string; limit?: number; csv?: string; places: boolean }) =>
      either(
        options,
        async () => (await import('./commands/quarantine.ts')).show(cli, run, options),
        (onStack, name) => onStack.show(output, name, run, options),
      ),
    );
  filtered(
    'release <run> [feed]',
    "publishes the rows that today's feed file can read; default: feed.yaml where the run's lay",
  )
    .option('--stack <name>', stack)
    .action((run: string, feed: string | undefined, options: { table?: string; code?: string }) =>
      either(
        options,
        async () => (await import('./commands/release.ts')).release(cli, run, feed, options),
        (onStack, name) => onStack.release(output, deployed(name, feed), run, options),
      ),
    );
}
