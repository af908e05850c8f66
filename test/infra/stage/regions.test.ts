import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/infra/config.ts';
import { checkRegion, services } from '../../../lib/infra/regions.ts';
import { cloudFeed, configWith, existingPlaces, slack, sparkFeed } from '../synthesised.ts';

const refusal = (options: Partial<Config>, feed = cloudFeed): string => {
  try {
    checkRegion(configWith(options), [{ feed }]);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ name: 'REGION_LACKS' });
    return (error as Error).message;
  }
};

describe('a region', () => {
  test.each(['us-east-1', 'eu-central-2', 'il-central-1', 'cn-north-1', 'us-gov-west-1'])(
    '%s has what a stage needs',
    (region) => {
      expect(refusal({ region })).toBe('');
    },
  );

  test('is refused with each service that the stage needs and AWS lists elsewhere only, and with the page that says so', () => {
    expect(refusal({ region: 'ap-southeast-6' }).split('\n')).toEqual([
      expect.stringMatching(
        /^region ap-southeast-6: AWS lists no Fargate .*AWS_Fargate-Regions.html, as of \w+ 20\d\d/,
      ),
      expect.stringMatching(/^region ap-southeast-6: AWS lists no Aurora serverless v2 for PostgreSQL there/),
    ]);
    expect(refusal({ region: 'ap-southeast-6', ...existingPlaces })).not.toContain('Aurora');
    expect(refusal({ region: 'cn-north-1', slack })).toContain('Amazon Q Developer in chat applications (slack)');
  });

  test('that nobody knows lacks everything, Glue only where a feed may need it', () => {
    const lacking = (options: Partial<Config>, feed = cloudFeed) =>
      services
        .filter(({ name }) => refusal({ region: 'eu-west-9', ...options }, feed).includes(name))
        .map(({ name }) => name);
    const always = ['Fargate with Linux containers', 'EventBridge Scheduler', 'Aurora serverless v2 for PostgreSQL'];
    expect(lacking({})).toEqual(always);
    expect(lacking({}, sparkFeed)).toEqual([...always, 'Glue']);
    expect(lacking({ feeds: configWith().feeds.map((feed) => ({ ...feed, catalog: true })) })).toEqual([
      ...always,
      'Glue',
    ]);
  });
});
