import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shownJson } from '../../lib/core/shown-text.ts';
import { commandNotifier } from '../../lib/notifiers/command/command.ts';
import { consoleNotifier } from '../../lib/notifiers/console/console.ts';
import { eventBridgeNotifier } from '../../lib/notifiers/eventbridge/eventbridge.ts';
import { pagerDutyNotifier } from '../../lib/notifiers/pagerduty/pagerduty.ts';
import { slackNotifier } from '../../lib/notifiers/slack/slack.ts';
import { smtpNotifier } from '../../lib/notifiers/smtp/smtp.ts';
import { snsNotifier } from '../../lib/notifiers/sns/sns.ts';
import { teamsNotifier } from '../../lib/notifiers/teams/teams.ts';
import { webhookNotifier } from '../../lib/notifiers/webhook/webhook.ts';
import type { Notifier } from '../../lib/ports/notifier.ts';
import { InMemoryNotifier } from '../support/in-memory/notifier.ts';
import { fakeEventBridge } from '../support/vendors/fake-event-bridge.ts';
import { fakeSns } from '../support/vendors/fake-sns.ts';
import { hookServer } from '../support/vendors/hook-server.ts';
import { mailServer } from '../support/vendors/mail-server.ts';
import { notifierConforms, type RefusingLab, refusalConforms } from './conformance.ts';

async function inMemory(): Promise<RefusingLab> {
  const notifier = new InMemoryNotifier();
  return {
    notifier,
    received: () => notifier.received.map((message) => shownJson(message)),
    refuse: (does) => {
      notifier.refuses = does;
    },
    close: async () => {},
  };
}

async function sns(): Promise<RefusingLab> {
  const server = await fakeSns();
  const topic = 'arn:aws:sns:eu-west-1:000000000000:mail';
  return {
    notifier: snsNotifier({ topic, stage: 'prod' }, server.config),
    received: () =>
      server.asked.map((parameters) => parameters.toString().replaceAll('+', ' ')).map(decodeURIComponent),
    refuse: (does) => {
      server.answers.status = does ? 403 : 200;
    },
    close: server.close,
  };
}

async function eventBridge(): Promise<RefusingLab> {
  const { config, endpoint, taken, answers, close } = await fakeEventBridge();
  return {
    notifier: eventBridgeNotifier(
      { bus: 'arn:aws:events:eu-west-1:1:event-bus/default', stage: 'prod', endpoint },
      config,
    ),
    received: () => taken.map((entry) => JSON.stringify(entry)),
    refuse: (does) => {
      answers.status = does ? 403 : 200;
    },
    close,
  };
}

/** A kind that posts to an address. */
const posting = (open: (url: string) => Notifier) => async (): Promise<RefusingLab> => {
  const { url, taken, answers, close } = await hookServer();
  return {
    notifier: open(url),
    received: () => taken.map(({ body }) => unescaped(body)),
    refuse: (does) => {
      answers.status = does ? 403 : 202;
    },
    close,
  };
};

/** Without the escapes by which Markdown and JSON keep a text as it is. */
const unescaped = (body: string) => JSON.stringify(JSON.parse(body)).replaceAll('\\\\', '');

async function smtp(): Promise<RefusingLab> {
  const { port, mails, refuses, close } = await mailServer();
  return {
    notifier: smtpNotifier({
      host: '127.0.0.1',
      port,
      tls: 'none',
      from: 'night@example.com',
      to: ['ops@example.com'],
    }),
    // A mail server's own header lines say when it came.
    received: () => mails.map(({ text }) => text.replace(/^(Date|Received): .*\r\n/gm, '')),
    refuse: (does) => {
      refuses.all = does;
    },
    close,
  };
}

async function command(): Promise<RefusingLab> {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-command-'));
  const [got, away] = [join(folder, 'got'), join(folder, 'away')];
  const script = `if [ -e '${away}' ]; then echo 'nobody is here' >&2; exit 3; fi; cat >> '${got}'`;
  return {
    notifier: commandNotifier('/bin/sh', ['-c', script], process.env.PATH),
    received: () => (existsSync(got) ? readFileSync(got, 'utf8').trimEnd().split('\n') : []),
    refuse: (does) => (does ? writeFileSync(away, '') : rmSync(away)),
    close: () => rm(folder, { recursive: true }),
  };
}

notifierConforms('in memory', inMemory);
refusalConforms('in memory', inMemory);

notifierConforms('console', async () => {
  const lines: string[] = [];
  return { notifier: consoleNotifier((line) => void lines.push(line)), received: () => lines, close: async () => {} };
});

notifierConforms('sns', sns);
refusalConforms('sns', sns);

notifierConforms('eventbridge', eventBridge);
refusalConforms('eventbridge', eventBridge);

const slack = posting(slackNotifier);
const teams = posting(teamsNotifier);
const pagerduty = posting((url) => pagerDutyNotifier({ key: 'R0UT1NGKEY', url }));
const webhook = posting((url) => webhookNotifier({ url, secret: `whsec_${btoa('a secret of more than 24 bytes')}` }));

notifierConforms('smtp', smtp);
refusalConforms('smtp', smtp);

notifierConforms('slack', slack);
refusalConforms('slack', slack);

notifierConforms('teams', teams);
refusalConforms('teams', teams);

notifierConforms('pagerduty', pagerduty);
refusalConforms('pagerduty', pagerduty);

notifierConforms('webhook', webhook);
refusalConforms('webhook', webhook);

notifierConforms('command', command);
refusalConforms('command', command);
