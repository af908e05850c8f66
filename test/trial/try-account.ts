import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { asNightfeedError, NightfeedError } from '../../lib/core/errors.ts';
import { accountPlace, requireAccount, requireDocker } from './account-place.ts';
import { REMOVE, runTrial, type TrialResult } from './run-trial.ts';
import { trialSteps } from './steps.ts';
import { Trial } from './trial.ts';

/** In dollars, after docs/cost.md: an hour of NAT, Aurora and alarms, a few minutes of tasks, keys and secrets for a day. */
const COST = 1;
const MINUTES = 90;

interface Options {
  readonly account: string;
  readonly region: string;
  readonly profile?: string;
  readonly yes?: string;
}

const program = new Command('try-account')
  .description(
    'Deploys two feeds into an account, runs nights, and removes everything: what only a real account can show.',
  )
  .requiredOption('--account <id>', 'the twelve digits of the account; other credentials deploy nothing')
  .requiredOption('--region <name>', 'where it runs')
  .option('--profile <name>', "of your AWS configuration; without it the SDK's own order")
  .addOption(new Option('--yes <account>', 'the account once more, instead of the question'))
  .showHelpAfterError()
  .action(tryAccount);

try {
  await program.parseAsync();
} catch (thrown) {
  const { name, message, hint } = asNightfeedError(thrown);
  process.stderr.write(`${name}: ${message}\n${hint}\n`);
  process.exitCode = 2;
}

async function tryAccount({ account, region, profile, yes }: Options): Promise<void> {
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  await requireAccount(account, region, process.env.AWS_ENDPOINT_URL_STS);
  say(
    `In account ${account}, ${region}, this makes a stage of its own, with a network, an Aurora PostgreSQL and two feeds:`,
  );
  for (const { name, does } of [...trialSteps, REMOVE]) say(`  ${name}: ${does}`);
  say(
    `It takes about ${MINUTES} minutes and costs about ${COST} dollar at list prices. It removes what it made, whatever happens.`,
  );
  say(
    "The CDK's own stack (cdk bootstrap) and the uploaded files and images in it stay; so do deleted keys, for seven days.",
  );
  if ((yes ?? (await ask(`Type ${account} to go on: `))) !== account)
    throw new NightfeedError('USAGE', 'not confirmed: the account was not typed', { hint: 'Nothing was deployed.' });
  await requireDocker();
  const trial = await Trial.open(accountPlace({ account, region, environment: process.env }));
  say(
    `The stage is ${trial.stage}. If this program is killed, remove it by hand: docs/deploy.md, "A trial in your account".`,
  );
  const results = await runTrial(trialSteps, trial, { say, signal: interrupted() });
  process.exitCode = told(results);
}

/** The first Ctrl-C lets what is at work end, and then everything is removed. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      say(`${signal}: after the step that is at work everything is removed. Please wait.`);
      controller.abort();
    });
  return controller.signal;
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

function told(results: readonly TrialResult[]): number {
  for (const { step, seconds, failure } of results) say(`${failure ? 'failed' : 'ok'}\t${step}\t${seconds} s`);
  const all = [...trialSteps, REMOVE].every(({ name }) =>
    results.some(({ step, failure }) => step === name && !failure),
  );
  if (all) say('Every step succeeded. Write the date into seenInAccount of test/trial/steps.ts, and run npm run docs.');
  return all ? 0 : 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
