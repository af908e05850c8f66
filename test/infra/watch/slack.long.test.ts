import type { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/infra/config.ts';
import { appOf, cloudFeed, resourcesOf, slack, type Template } from '../synthesised.ts';

const shop = { ...cloudFeed, feed: 'shop' };
const CHANNEL = 'AWS::Chatbot::SlackChannelConfiguration';

/** What of a stack can stand in the way of a deployment. */
interface Deployed {
  /** Ids of Slack channels that it configures. */
  readonly channels: readonly string[];
  readonly exports: readonly string[];
  readonly imports: readonly string[];
}
type Account = ReadonlyMap<string, Deployed>;

/** Stacks in the order in which `cdk deploy --all` deploys them. */
function stacksOf(app: App): Map<string, Deployed> {
  return new Map(
    app.synth().stacks.map(({ stackName, template }) => {
      const { Outputs = {} } = template as { Outputs?: Record<string, { Export?: { Name: string } }> };
      const text = JSON.stringify(template);
      return [
        stackName,
        {
          channels: resourcesOf(template as Template, CHANNEL).map(({ Properties }) => Properties.SlackChannelId),
          exports: Object.values(Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : [])),
          imports: [...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name!),
        },
      ];
    }),
  );
}

/**
 * Deploys stack by stage, as CloudFormation does: an account has one configuration for each channel, an import needs its export, and no
 * export goes while somebody imports it. Throws at the first stack that fails, with what was changed until then.
 */
function deploy(account: Account, stacks: Account): Account {
  const now = new Map(account);
  const others = (name: string) => [...now].filter(([each]) => each !== name).map(([, stack]) => stack);
  for (const [name, stack] of stacks) {
    const elsewhere = others(name);
    const fail = (reason: string) => {
      throw Object.assign(new Error(`${name}: ${reason}`), { account: now });
    };
    for (const channel of stack.channels)
      if (elsewhere.some(({ channels }) => channels.includes(channel))) fail(`${channel} has been configured already`);
    for (const imported of stack.imports)
      if (!elsewhere.some(({ exports }) => exports.includes(imported))) fail(`no export ${imported}`);
    const gone = now.get(name)?.exports.filter((each) => !stack.exports.includes(each)) ?? [];
    for (const each of gone) if (elsewhere.some(({ imports }) => imports.includes(each))) fail(`${each} is in use`);
    now.set(name, stack);
  }
  return now;
}

/** Like `cdk destroy --exclusively` of these stacks. */
function destroy(account: Account, ...names: string[]): Account {
  const now = new Map(account);
  for (const name of names) {
    const { exports } = now.get(name)!;
    now.delete(name);
    for (const { imports } of now.values())
      if (exports.some((each) => imports.includes(each))) throw new Error(`${name}: an export is in use`);
  }
  return now;
}

const stage = (config: Partial<Config>, feeds = [cloudFeed, shop]) => stacksOf(appOf({ config, feeds }));
const channelsOf = (account: Account) => [...account.values()].flatMap(({ channels }) => channels);
const empty: Account = new Map();

describe('a channel of Slack', () => {
  test('has one configuration for all feeds of a stage, and gets messages and alarms of each', () => {
    const app = appOf({ config: { slack }, feeds: [cloudFeed, shop] });
    const templates = app.synth().stacks.map(({ template }) => template as Template);
    const configured = templates.flatMap((template) => resourcesOf(template, CHANNEL));
    expect(configured).toHaveLength(1);
    expect(configured[0]!.Properties.SnsTopicArns).toContainEqual({ Ref: expect.stringMatching(/^Topic/) });
    const chat = /nightfeed-prod-Chat:ExportsOutputRefTopic/;
    const alarms = templates.flatMap((template) => resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    const ofFeeds = alarms.filter(({ Properties }) => /-(catalog|shop)-/.test(Properties.AlarmName ?? ''));
    expect(ofFeeds).toHaveLength(18);
    for (const { Properties } of ofFeeds) expect(JSON.stringify(Properties.AlarmActions)).toMatch(chat);
    const functions = templates.flatMap((template) => resourcesOf(template, 'AWS::Lambda::Function'));
    const telling = functions.filter(({ Properties }) => Properties.Environment?.Variables?.NIGHTFEED_CHAT_TOPIC);
    expect(telling.length).toBeGreaterThan(7);
    for (const { Properties } of telling)
      expect(JSON.stringify(Properties.Environment.Variables.NIGHTFEED_CHAT_TOPIC)).toMatch(chat);
  });

  test('is deployed with two feeds, of which one goes, and is given up', () => {
    const both = deploy(empty, stage({ slack }));
    expect(channelsOf(both)).toEqual([slack.channel]);
    const one = destroy(both, 'nightfeed-prod-Watch-shop', 'nightfeed-prod-Pipeline-shop');
    expect(channelsOf(deploy(one, stage({ slack }, [cloudFeed])))).toEqual([slack.channel]);
    const silent = deploy(one, stage({}, [cloudFeed]));
    expect(channelsOf(destroy(silent, 'nightfeed-prod-Chat'))).toEqual([]);
  });

  test('of another stage is refused before anything of this stage uses it, and can be used through its topic', () => {
    const prod = deploy(empty, stage({ slack }));
    const refused = attempt(() => deploy(prod, stage({ stage: 'dev', slack })));
    expect(refused.message).toBe(`nightfeed-dev-Chat: ${slack.channel} has been configured already`);
    expect([...refused.account.keys()].filter((name) => /^nightfeed-dev-(Pipeline|Watch)/.test(name))).toEqual([]);
    const topic = 'arn:aws:sns:eu-west-1:123456789012:nightfeed-prod-Chat-Topic';
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d';
    const app = appOf({ config: { stage: 'dev', slack: { topic, key } }, feeds: [cloudFeed, shop] });
    expect(channelsOf(deploy(prod, stacksOf(app)))).toEqual([slack.channel]);
    const rights = JSON.stringify(app.synth().stacks.map(({ template }) => template));
    expect(rights).toContain(topic);
    expect(rights).toContain(key);
  });
});

describe('a stage of before, with a configuration for each feed', () => {
  const chatTopic = 'nightfeed-prod-Pipeline-catalog:ExportsOutputRefPipelineMessagesChatTopic';
  const silent = stage({}, [cloudFeed]);
  const before = new Map(silent);
  const pipeline = before.get('nightfeed-prod-Pipeline-catalog')!;
  const watch = before.get('nightfeed-prod-Watch-catalog')!;
  before.set('nightfeed-prod-Pipeline-catalog', { ...pipeline, exports: [...pipeline.exports, chatTopic] });
  before.set('nightfeed-prod-Watch-catalog', {
    ...watch,
    channels: [slack.channel],
    imports: [...watch.imports, chatTopic],
  });
  const next = stage({ slack }, [cloudFeed]);

  test('is refused at the first stack that uses the channel, and works on as it was', () => {
    const refused = attempt(() => deploy(before, next));
    expect(refused.message).toBe(`nightfeed-prod-Chat: ${slack.channel} has been configured already`);
    for (const name of ['nightfeed-prod-Pipeline-catalog', 'nightfeed-prod-Watch-catalog'])
      expect(refused.account.get(name)).toBe(before.get(name));
  });

  test('takes the new configuration after a deployment of its Watch stacks alone without slack, as docs/upgrade.md says', () => {
    const first = new Map([['nightfeed-prod-Watch-catalog', watch]]);
    expect(channelsOf(deploy(deploy(before, first), next))).toEqual([slack.channel]);
    // All stacks without slack fail: the pipeline's topic is in use until Watch is deployed.
    expect(() => deploy(before, silent)).toThrow(/Pipeline-catalog: .*ChatTopic is in use/);
  });
});

function attempt(work: () => unknown): Error & { readonly account: Account } {
  try {
    work();
  } catch (error) {
    return error as Error & { readonly account: Account };
  }
  throw new Error('it was not refused');
}
