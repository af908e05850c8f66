#!/usr/bin/env node
import { errorKinds } from '../lib/core/errors.ts';
import { failureAnswer } from './cli/output/failure-answer.ts';
import { nodeComplaint } from './node-version.ts';

// Vendors' rows are in all that is written, also by the processes that we start. CDK must not do so: Lambda reads what it packs.
process.umask(process.env.NIGHTFEED_GROUP ? 0o007 : 0o077);

// A reader who went away (a closed pipe, a full disk behind a redirection) must not end a night half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const complaint = nodeComplaint(process.versions.node);
if (complaint === undefined) process.exitCode = await (await import('./cli/program.ts')).main(process.argv.slice(2));
else refuse(complaint);

function refuse(message: string): void {
  const error = { name: 'NODE_VERSION', message, hint: errorKinds.NODE_VERSION.hint };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(failureAnswer(null, error))}\n`);
  process.stderr.write(`${error.name}  ${message}\n  ${error.hint}\n`);
  process.exitCode = 2;
}
