import { environmentNames } from '../../core/cloud/environment-names.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { PresentNotifier } from '../../ports/notifier-kind.ts';

export const sns: PresentNotifier = {
  name: 'sns',
  runs: 'in the cloud',
  cloud: ({ topic, chatTopic, keys }) => ({
    rights: [
      { actions: ['sns:Publish'], resources: chatTopic === undefined ? [topic] : [topic, chatTopic] },
      ...(keys.length > 0 ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: keys }] : []),
    ],
    environment: {
      [environmentNames.topic]: topic,
      ...(chatTopic === undefined ? {} : { [environmentNames.chatTopic]: chatTopic }),
    },
  }),
  async open({ setting }) {
    const [topic, stage] = [setting(environmentNames.topic), setting(environmentNames.stage)];
    if (topic === undefined) return null;
    if (stage === undefined)
      throw new NightfeedError('USAGE', `the environment variable ${environmentNames.stage} is not set`);
    const { snsNotifier } = await import('./sns.ts');
    return snsNotifier({ topic, chatTopic: setting(environmentNames.chatTopic), stage });
  },
};
