import { Command, CommanderError } from 'commander';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { GuardName } from '../../lib/core/guards/guard-names.ts';
import { lastResort } from '../last-resort.ts';
import type { Wings } from '../wings.ts';
import {
  businessDate,
  deployed,
  fileOf,
  guardName,
  json,
  named,
  positive,
  signedIn,
  stack,
  usage,
} from './arguments.ts';
import type { Cli, Either } from './cli.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { InitOptions } from './commands/init.ts';
import type { MigrateOptions } from './commands/migrate.ts';
import type { SampleOptions } from './commands/sample.ts';
import { addLake } from './lake-command.ts';
import { addLogs } from './logs-command.ts';
import { Output } from './output/output.ts';
import { addQuarantine } from './quarantine-commands.ts';
import { addStarting } from './starting-commands.ts';
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
        `--stack is not for ${used.name()}; it is for run, plan, audit, status, history, logs, approve, reject and quarantine`,
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
    .option('--scheduled [minutes]', "the schedule's last night, if no older than so many minutes", positive)
    .action((feed: string | undefined, options: NightOptions & { wait: boolean; scheduled?: number | true }) =>
      either(
        options,
        async () => (await import('./commands/run.ts')).run(cli, fileOf(feed), wantedNight(options), options),
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
  command('init <samples...>', 'looks at sample files and writes a feed file for them')
    .option('--out <file>', 'the feed file to write', 'feed.yaml')
    .option('--previous <files...>', 'files of an earlier delivery, to see which keys are the same in both')
    .option('--host-key <fingerprint>', 'of an SFTP server; `ssh-keyscan HOST | ssh-keygen -lf -` prints it')
    .option('--all', 'look at all bytes of large files, not only at their head, middle and end')
    .option('--yes', 'ask nothing, even on a terminal')
    .action(async (samples: string[], options: InitOptions) =>
      exit(await (await import('./commands/init.ts')).init(cli, samples, options)),
    );
  command('sample <feed>', 'the first rows of a delivery, as they would land')
    .option('--date <date>', 'business date; default: today in the time zone of the schedule', businessDate)
    .option('--table <table>', 'only this table')
    .option('--rows <n>', 'how many of each table', positive, 20)
    .action(async (feed: string, options: SampleOptions) =>
      exit(await (await import('./commands/sample.ts')).sample(cli, feed, options)),
    );
  command('doctor <feed>', 'looks at all that a night needs: secrets, source, database with its rights, lake, engine')
    .option('--date <date>', 'business date; default: today in the time zone of the schedule', businessDate)
    .action(async (feed: string, options: DoctorOptions) =>
      exit(await (await import('./commands/doctor.ts')).doctor(cli, feed, options)),
    );
  command('validate <feed>', 'checks a feed file').action(async (feed: string) =>
    exit(await (await import('./commands/validate.ts')).validate(cli, feed)),
  );
  addStarting(command, cli, exit);
  command('notify <feed>', 'sends the messages that a channel did not take yet')
    .option('--test', 'send a test to every channel of the feed file instead')
    .action(async (feed: string, options: { test?: boolean }) =>
      exit(await (await import('./commands/notify.ts')).notify(cli, feed, options)),
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
  command('audit [feed]', 'recomputes what production holds and compares it with ledger and lake')
    .option('--stack <name>', stack)
    .action((feed: string | undefined, options: object) =>
      either(
        options,
        async () => (await import('./commands/audit.ts')).audit(cli, fileOf(feed)),
        (onStack, name) => onStack.audit(output, deployed(name, feed)),
      ),
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
  command('metrics', "numbers of all feeds, in Prometheus' text format").action(async () =>
    exit(await (await import('./commands/metrics.ts')).metrics(cli)),
  );
  addLake(command('lake [feeds...]', 'what the lake holds, by feed and zone, and what limits would free'), cli, exit);
  addLogs(command('logs <run>', 'what the processes of a run told, line by line'), cli, either);
  command('explain <word>', 'what an error, guard, reject code or state means, and what to do').action(
    async (word: string) => exit(await (await import('./commands/explain.ts')).explain(cli, word)),
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

const help = `
Environment:
  NIGHTFEED_DATABASE_URL  target PostgreSQL; without it an embedded one is
                          started for the command and stopped after it
  NIGHTFEED_HOME          local state and lake
                          (default: .nightfeed beside the feed file)
  NIGHTFEED_SECRETS       what a feed file may name as a secret: names, folders
  NIGHTFEED_FILES         folders that a feed file may read from
  NIGHTFEED_COMMANDS      programs that a feed file may send messages to,
                          with a colon between them; none without it
  NIGHTFEED_GROUP         group that shares this home; without it the home is
                          its user's alone
  NIGHTFEED_ENGINE_USER   user that DuckDB runs as where nightfeed is root;
                          without it, one that nobody else uses

Exit codes:
  0 published, unchanged   1 failed   2 wrong use or feed file   3 held   4 late
  5 refused, rejected, superseded   6 busy
`;
