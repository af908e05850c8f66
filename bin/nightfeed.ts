#!/usr/bin/env node
import { errorKinds } from '../lib/core/errors.ts';
import { failureAnswer } from './cli/output/failure-answer.ts';
import { nodeComplaint } from './node-version.ts';
import { prepareProcess } from './prepare-process.ts';

prepareProcess();

const complaint = nodeComplaint(process.versions.node);
if (complaint === undefined) {
  const [{ main }, { wings }] = await Promise.all([import('./cli/program.ts'), import('./wings.ts')]);
  process.exitCode = await main(process.argv.slice(2), wings);
} else refuse(complaint);

function refuse(message: string): void {
  const error = { name: 'NODE_VERSION', message, hint: errorKinds.NODE_VERSION.hint };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(failureAnswer(null, error))}\n`);
  process.stderr.write(`${error.name}  ${message}\n  ${error.hint}\n`);
  process.exitCode = 2;
}
