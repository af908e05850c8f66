import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NO_PYTHON } from '../../lib/engines/spark/runtime/python-environment.ts';
import type { Config } from '../../lib/infra/config.ts';
import { services } from '../../lib/infra/regions.ts';
import { pythonEnvironment } from '../support/engines/python-environment.ts';
import { appOf, cloudFeed, existingPlaces, slack, sparkFeed, templatesOf } from './synthesised.ts';

const run = promisify(execFile);
const python = await pythonEnvironment('cfn-lint', [new URL('cfn-lint-requirements.txt', import.meta.url)]);

/** W3005: CDK names dependencies that CloudFormation would find by itself. */
const IGNORED = ['W3005'];

const variants: Record<string, Partial<Config>> = {
  'deliveries for Spark': {},
  'our own network and database': { slack },
  'three zones and rotated secrets': {
    account: '123456789012',
    network: { zones: 3, address: 'eipalloc-0a1b2c3d' },
    database: { min_acu: 0, rotate_secrets_after_days: 30 },
  },
  'an existing network and database': existingPlaces,
};

const title = python ? '' : ` (skipped: ${NO_PYTHON})`;
test.skipIf(python === undefined).each(Object.keys(variants))(
  `cfn-lint has nothing against %s${title}`,
  async (variant) => {
    const folder = await mkdtemp(join(tmpdir(), 'nightfeed-templates-'));
    try {
      const templates = Object.entries(
        templatesOf(
          appOf({ config: variants[variant]!, feeds: [variant === 'deliveries for Spark' ? sparkFeed : cloudFeed] }),
        ),
      );
      const paths = templates.map(([stack]) => join(folder, `${stack}.json`));
      for (const [index, [, template]] of templates.entries()) await writeFile(paths[index]!, JSON.stringify(template));
      const program = join(dirname(python!), 'cfn-lint');
      const { stdout } = await run(program, [
        '--ignore-checks',
        ...IGNORED,
        '--format',
        'parseable',
        '--',
        ...paths,
      ]).catch((failure: { stdout: string }) => failure);
      expect(stdout).toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  90_000,
);

test.skipIf(python === undefined)(
  `CloudFormation knows every type of our templates in the regions that a stage may be in${title}`,
  async () => {
    const templates = [{ config: { slack }, feeds: [sparkFeed] }, { config: { network: { zones: 2 } } }].map(appOf);
    const types = templates.flatMap((app) =>
      Object.values(templatesOf(app)).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
    );
    const wanted = [...new Set(types)].filter((type) => !type.startsWith('Custom::'));
    const regions = services.find(({ name }) => name.startsWith('Fargate'))!.regions;
    const { stdout } = await run(python!, ['-c', TYPES_MISSING, JSON.stringify(wanted), ...regions]);
    expect(JSON.parse(stdout)).toEqual({
      // Amazon Q Developer is not there: `slack` is refused.
      ...Object.fromEntries(separate.map((region) => [region, ['AWS::Chatbot::SlackChannelConfiguration']])),
      // cfn-lint has no types of Bahrain.
      'me-south-1': null,
    });
  },
  90_000,
);

const separate = ['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'];

/** Prints the types that cfn-lint does not know, by region; null for a region that it does not know at all. */
const TYPES_MISSING = `
import json, pathlib, sys, cfnlint
folder = pathlib.Path(cfnlint.__file__).parent / 'data/schemas/providers'
wanted, missing = json.loads(sys.argv[1]), {}
for region in sys.argv[2:]:
    file = folder / f'{region}.json'
    known = json.loads(file.read_text()) if file.exists() else None
    unknown = None if known is None else [kind for kind in wanted if kind not in known]
    if unknown != []:
        missing[region] = unknown
print(json.dumps(missing))
`;
