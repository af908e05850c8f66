import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NO_PYTHON } from '../../lib/engines/spark/runtime/python-environment.ts';
import type { Config } from '../../lib/infra/config.ts';
import { pythonEnvironment } from '../support/engines/python-environment.ts';
import { appOf, cloudFeed, existingPlaces, slack, sparkFeed, templatesOf } from './synthesised.ts';

const run = promisify(execFile);
const python = await pythonEnvironment('cfn-lint', [new URL('cfn-lint-requirements.txt', import.meta.url)]);

/** W3005: CDK names dependencies that CloudFormation would find by itself. */
const IGNORED = ['W3005'];

const variants: Record<string, Partial<Config>> = {
  'deliveries for Spark': {},
  'our own network and database': { slack },
  'three zones and rotated secrets': { network: { zones: 3 }, database: { min_acu: 0, rotate_secrets_after_days: 30 } },
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
