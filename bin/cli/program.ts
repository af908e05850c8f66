import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { NightfeedError } from '../../lib/core/errors.ts';
import { isBusinessDate } from '../../lib/core/feed/business-date.ts';
import { type GuardName, guardNames } from '../../lib/core/guards/guard-names.ts';
import { lastResort } from '../last-resort.ts';
import type { Wings } from '../wings.ts';
import type { Cli } from './cli.ts';
import type { MigrateOptions } from './commands/migrate.ts';
import { Output } from './output/output.ts';
import { version } from './version.ts';
import { type NightOptions, nightOfStack, wantedNight } from './wanted-night.ts';

/** Runs one command line; resolves to the exit code. Commands are loaded when they are used: `--help` stays fast. */
export async function main(args: readonly string[], wings: Wings): Promise<number> {
  const output = new Output({ json: args.includes('--json') });
  lastResort((thrown) => output.crash(thrown));
  let exitCode = 0;
  const program = build({ output, wings }, (code) => {
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

function build(cli: Cli, exit: (code: number) => void): Command {
  const { output } = cli;
  const program = new Command('nightfeed')
    .description("A vendor's whole dataset in every night, only the changes in PostgreSQL.")
    .version(version())
    .option('--json', json)
    .option('--stack <name>', stack)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError()
    .addHelpText('after', help);
  const command = (name: string, description: string) =>
    program.command(name).description(description).option('--json', json);
  // `here` runs the command on this machine, `there` on a deployed pipeline.
  const either: Either = async (options, here, there) => {
    const { stack: name } = { ...program.opts<{ stack?: string }>(), ...options };
    exit(name === undefined ? await here() : await there((await import('./commands/stack.ts')).onStack, name));
  };
  program.hook('preAction', (_program, used) => {
    if (program.opts<{ stack?: string }>().stack !== undefined && !used.options.some(({ long }) => long === '--stack'))
      throw usage(
        `--stack is not for ${used.name()}; it is for run, plan, status, history, approve, reject and quarantine`,
      );
  });

  // Both commands can be refused for a far date, so both have the options to force it.
  const dated = (name: string, description: string) =>
    command(name, description)
      .option('--stack <name>', stack)
      .option('--date <date>', 'business date; default: today in the time zone of the schedule', businessDate)
      .option('--force', 'lets through a date that is later than tomorrow; kept in the ledger')
      .option('--by <who>', 'with --force: who wants it; with --stack it is the identity that is signed in to AWS')
      .option('--reason <why>', 'with --force: why');
  dated('run [feed]', "tonight's run: only the changes reach production")
    .option('--no-wait', 'with --stack: only start it')
    .action((feed: string | undefined, options: NightOptions & { wait: boolean }) =>
      either(
        options,
        async () => (await import('./commands/run.ts')).run(cli, fileOf(feed), wantedNight(options)),
        (onStack, name) => onStack.run(output, deployed(name, feed), { ...nightOfStack(options), wait: options.wait }),
      ),
    );
  dated('plan [feed]', 'what tonight would do, without touching ledger or target').action(
    (feed: string | undefined, options: NightOptions) =>
      either(
        options,
        async () => (await import('./commands/plan.ts')).plan(cli, fileOf(feed), wantedNight(options)),
        (onStack, name) => onStack.plan(output, deployed(name, feed), nightOfStack(options)),
      ),
  );
  command('validate <feed>', 'checks a feed file').action(async (feed: string) =>
    exit(await (await import('./commands/validate.ts')).validate(cli, feed)),
  );
  command('migrate <feed>', 'creates or extends ledger, schemas and tables')
    .option('--new-lake', 'the lake that the ledger knows is lost: go on with the one of the next run')
    .option('--restart <tables...>', 'tables of which something is gone: make it anew, and start from what is there')
    .option('--by <who>', 'with --restart: who wants it')
    .option('--reason <why>', 'with --restart: why')
    .action(async (feed: string, options: MigrateOptions) =>
      exit(await (await import('./commands/migrate.ts')).migrate(cli, feed, options)),
    );
  command('adopt <feed> [table]', 'takes over tables that are in production already; their rows become the base')
    .option('--date <date>', 'business date that their rows stand for; default: the day before tonight’s', businessDate)
    .option('--yes', 'add the four columns of nightfeed')
    .action(async (feed: string, table: string | undefined, options: { date?: string; yes?: boolean }) =>
      exit(await (await import('./commands/adopt.ts')).adopt(cli, feed, table, options)),
    );
  command('audit <feed>', 'recomputes what production holds and compares it with the ledger').action(
    async (feed: string) => exit(await (await import('./commands/audit.ts')).audit(cli, feed)),
  );
  command('status [run]', 'the newest run of each feed; or one run: its numbers, some of its rows, who decided what')
    .option('--stack <name>', stack)
    .action((run: string | undefined, options: object) =>
      either(
        options,
        async () => {
          const { detail, status } = await import('./commands/history.ts');
          return run === undefined ? status(cli) : detail(cli, run);
        },
        (onStack, name) => (run === undefined ? onStack.status(output, name) : onStack.detail(output, name, run)),
      ),
    );
  command('history', 'all runs, newest first')
    .option('--stack <name>', stack)
    .option('--limit <n>', 'how many', positive, 50)
    .action((options: { limit: number }) =>
      either(
        options,
        async () => (await import('./commands/history.ts')).history(cli, options),
        (onStack, name) => onStack.history(output, name, options),
      ),
    );
  command('approve <run>', 'lets a held run go on')
    .option('--stack <name>', stack)
    .option('--by <who>', 'who decides; with --stack it is the identity that is signed in to AWS')
    .requiredOption('--reason <why>', 'why')
    .option('--guard <name>', 'only what this guard holds; default: all that hold', guardName)
    .option('--no-run', 'only record the approval')
    .option('--no-wait', 'with --stack: only start it')
    .action((run: string, options: Approval) =>
      either(
        options,
        async () => (await import('./commands/decide.ts')).approve(cli, run, { ...options, by: named(options.by) }),
        (onStack, name) => onStack.approve(output, signedIn(name, options.by), run, options),
      ),
    );
  command('reject <run>', 'ends a held run')
    .option('--stack <name>', stack)
    .option('--by <who>', 'who decides; with --stack it is the identity that is signed in to AWS')
    .requiredOption('--reason <why>', 'why')
    .action((run: string, options: { by?: string; reason: string }) =>
      either(
        options,
        async () => (await import('./commands/decide.ts')).reject(cli, run, { ...options, by: named(options.by) }),
        (onStack, name) => onStack.reject(output, signedIn(name, options.by), run, options),
      ),
    );
  addQuarantine(command('quarantine', 'rows that were rejected and wait'), cli, either);
  program
    .command('schema')
    .description('JSON Schema of the feed file, for editors')
    .action(async () => exit(await (await import('./commands/schema.ts')).schema(cli)));
  return program;
}

interface Approval {
  by?: string;
  reason: string;
  guard?: GuardName;
  run: boolean;
  wait: boolean;
}

type Either = (
  options: object,
  here: () => Promise<number>,
  there: (onStack: OnStack, name: string) => Promise<number>,
) => Promise<void>;

/** The commands below `quarantine`. */
function addQuarantine(parent: Command, cli: Cli, either: Either): void {
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
  filtered('show <run>', 'the rows with reason, place and raw text')
    .option('--limit <n>', 'how many; 20 on a terminal, all with --csv', positive)
    .option('--csv <file>', 'into a file that is safe to open in a spreadsheet')
    .option('--stack <name>', stack)
    .action((run: string, options: { table?: string; code?: string; limit?: number; csv?: string }) =>
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

type OnStack = typeof import('./commands/stack.ts').onStack;

function fileOf(feed: string | undefined): string {
  if (feed === undefined) throw usage("missing required argument 'feed'");
  return feed;
}

function deployed(name: string, feed: string | undefined): string {
  if (feed !== undefined) throw usage(`received the feed file ${feed}; with --stack it is the deployed one`);
  return name;
}

function named(by: string | undefined): string {
  if (by === undefined) throw usage("required option '--by <who>' not specified");
  return by;
}

function signedIn(name: string, by: string | undefined): string {
  if (by !== undefined) throw usage('received --by; with --stack it is the identity that is signed in to AWS');
  return name;
}

const usage = (reason: string) => new NightfeedError('USAGE', reason);

const stack = 'a deployed pipeline, <stage>-<feed>, instead of this machine';
const json = 'one JSON object on standard output, nothing else';

const help = `
Environment:
  NIGHTFEED_DATABASE_URL  target PostgreSQL; without it an embedded one is
                          started for the command and stopped after it
  NIGHTFEED_HOME          local state and lake
                          (default: .nightfeed beside the feed file)
  NIGHTFEED_SECRETS       what a feed file may name as a secret: names, folders
  NIGHTFEED_FILES         folders that a feed file may read from
  NIGHTFEED_GROUP         group that shares this home; without it the home is
                          its user's alone
  NIGHTFEED_ENGINE_USER   user that DuckDB runs as where nightfeed is root;
                          without it, one that nobody else uses

Exit codes:
  0 published, unchanged   1 failed   2 wrong use or feed file   3 held   4 late
  5 refused, rejected, superseded   6 busy
`;

function businessDate(text: string): string {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError(`expected a day such as 2026-11-20, received ${JSON.stringify(text)}.`);
}

function guardName(text: string): GuardName {
  const found = guardNames.find((name) => name === text);
  if (found) return found;
  throw new InvalidArgumentError(`expected one of ${guardNames.join(', ')}, received ${JSON.stringify(text)}.`);
}

function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of at least 1, received ${JSON.stringify(text)}.`);
}
