import { shownJson } from '../../lib/core/shown-text.ts';
import { consoleNotifier } from '../../lib/notifiers/console/console.ts';
import { eventBridgeNotifier } from '../../lib/notifiers/eventbridge/eventbridge.ts';
import { snsNotifier } from '../../lib/notifiers/sns/sns.ts';
import { InMemoryNotifier } from '../support/in-memory/notifier.ts';
import { fakeEventBridge } from '../support/vendors/fake-event-bridge.ts';
import { fakeSns } from '../support/vendors/fake-sns.ts';
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
