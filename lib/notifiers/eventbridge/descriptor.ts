import { environmentNames } from '../../core/cloud/environment-names.ts';
import type { ProcessNeeds } from '../../core/cloud/process-needs.ts';
import { EVENT_SOURCE } from '../../core/cloud/run-event.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { PresentNotifier } from '../../ports/notifier-kind.ts';

export const eventbridge: PresentNotifier = {
  name: 'eventbridge',
  runs: 'in the cloud',
  cloud({ bus }): ProcessNeeds {
    if (bus === undefined) return { rights: [], environment: {} };
    // The key has several values. Without Null, ForAllValues would let through what has none.
    const conditions = {
      'ForAllValues:StringEquals': { 'events:source': [EVENT_SOURCE] },
      Null: { 'events:source': ['false'] },
    };
    return {
      rights: [{ actions: ['events:PutEvents'], resources: [bus], conditions }],
      environment: { [environmentNames.eventBus]: bus },
    };
  },
  async open({ setting }) {
    const [bus, stage] = [setting(environmentNames.eventBus), setting(environmentNames.stage)];
    if (bus === undefined) return null;
    if (stage === undefined)
      throw new NightfeedError('USAGE', `the environment variable ${environmentNames.stage} is not set`);
    const { eventBridgeNotifier } = await import('./eventbridge.ts');
    return eventBridgeNotifier({ bus, stage, endpoint: setting('AWS_ENDPOINT_URL') });
  },
};
