import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { NightfeedError } from '../../lib/core/errors.ts';
import { isBusinessDate } from '../../lib/core/feed/business-date.ts';
import { Output } from './output.ts';
import { version } from './version.ts';

/** Runs one command line; resolves to the exit code. Commands are loaded when they are used: `--help` stays fast. */
export async function main(args: readonly string[]): Promise<number> {
  const output = new Output({ json: args.includes('--json') });
  let exitCode = 0;
  const program = build(output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return output.failure(thrown);
    if (thrown.exitCode === 0) return 0;
    const isBare = thrown.code === 'commander.help';
    if (isBare) process.stderr.write(program.helpInformation());
    const reason = isBare ? 'expected a command' : thrown.message.replace(/^error: /, '');
    return output.failure(new NightfeedError('USAGE', reason));
  }
}

function build(output: Output, exit: (code: number) => void): Command {
  const program = new Command('nightfeed')
    .description("A vendor's whole dataset in every night, only the changes in PostgreSQL.")
    .version(version())
    .option('--json', json)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError()
    .addHelpText('after', help);
  const command = (name: string, description: string) =>
    program.command(name).description(description).option('--json', json);

  command('run <feed>', "tonight's run: only the changes reach production")
    .option('--date <date>', 'business date; default: today in the time zone of the schedule', businessDate)
    .action(async (feed: string, options: { date?: string }) =>
      exit(await (await import('./run.ts')).run(output, feed, options)),
    );
  command('plan <feed>', 'what tonight would do, without touching ledger or target')
    .option('--date <date>', 'business date; default: today in the time zone of the schedule', businessDate)
    .action(async (feed: string, options: { date?: string }) =>
      exit(await (await import('./plan.ts')).plan(output, feed, options)),
    );
  command('validate <feed>', 'checks a feed file').action(async (feed: string) =>
    exit(await (await import('./validate.ts')).validate(output, feed)),
  );
  command('migrate <feed>', 'creates or extends ledger, schemas and tables').action(async (feed: string) =>
    exit(await (await import('./migrate.ts')).migrate(output, feed)),
  );
  command('audit <feed>', 'recomputes what production holds and compares it with the ledger').action(
    async (feed: string) => exit(await (await import('./audit.ts')).audit(output, feed)),
  );
  command('status', 'the newest run of each feed').action(async () =>
    exit(await (await import('./history.ts')).status(output)),
  );
  command('history', 'all runs, newest first')
    .option('--limit <n>', 'how many', positive, 50)
    .action(async (options: { limit: number }) => exit(await (await import('./history.ts')).history(output, options)));
  command('approve <run>', 'lets a held run go on')
    .requiredOption('--by <who>', 'who decides')
    .requiredOption('--reason <why>', 'why')
    .option('--no-run', 'only record the approval')
    .action(async (run: string, options: { by: string; reason: string; run: boolean }) =>
      exit(await (await import('./decide.ts')).approve(output, run, options)),
    );
  command('reject <run>', 'ends a held run')
    .requiredOption('--by <who>', 'who decides')
    .requiredOption('--reason <why>', 'why')
    .action(async (run: string, options: { by: string; reason: string }) =>
      exit(await (await import('./decide.ts')).reject(output, run, options)),
    );
  program
    .command('schema')
    .description('JSON Schema of the feed file, for editors')
    .action(async () => exit(await (await import('./schema.ts')).schema()));
  return program;
}

const json = 'one JSON object on standard output, nothing else';

const help = `
Environment:
  NIGHTFEED_DATABASE_URL  target PostgreSQL; without it an embedded one is started and stopped
  NIGHTFEED_HOME          local state and lake (default ./.nightfeed)

Exit codes:
  0 published, unchanged   1 failed   2 wrong use or feed file   3 held   4 late
  5 refused, rejected, superseded   6 busy
`;

function businessDate(text: string): string {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError(`expected a day such as 2026-11-20, received ${JSON.stringify(text)}.`);
}

function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of at least 1, received ${JSON.stringify(text)}.`);
}
