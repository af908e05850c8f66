import { environmentNames } from '../../core/cloud/environment-names.ts';
import type { Process } from '../../core/workflow/process.ts';
import { loginsOf, type ProcessName, processes } from '../../core/workflow/processes.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { jobNeedsOf, lakeNeedsOf, messageNeedsOf } from './wing-needs.ts';

/** The environment has names and addresses only, because everybody who may describe a function or a task can read it. */
export function environmentOf(name: ProcessName, context: PipelineContext): Record<string, string> {
  const { login, steps, shows, counts }: Process = processes[name];
  return {
    [environmentNames.stage]: context.stage,
    ...lakeNeedsOf(name, context).environment,
    [environmentNames.feed]: context.feedKey,
    ...(login === 'owner' ? secretsOfOwner(context) : {}),
    ...(login && login !== 'owner' ? { [environmentNames.databaseSecret]: context.logins[login].secretArn } : {}),
    ...(steps ? { [environmentNames.loginSecrets]: secretsOfSteps(name, context) } : {}),
    ...jobNeedsOf(name, context).environment,
    ...(shows && context.catalog ? { [environmentNames.catalog]: context.catalog } : {}),
    ...(counts && context.peopleRoles.length > 0
      ? { [environmentNames.peopleRoles]: context.peopleRoles.join(',') }
      : {}),
    ...messageNeedsOf(name, context).environment,
  };
}

function secretsOfSteps(name: ProcessName, { logins }: PipelineContext): string {
  const kinds = loginsOf(name).filter((kind) => kind !== 'owner');
  return JSON.stringify(Object.fromEntries(kinds.map((kind) => [kind, logins[kind].secretArn])));
}

function secretsOfOwner({ database: { ownerSecret, loaderSecret }, logins }: PipelineContext): Record<string, string> {
  const arns = Object.entries(logins).map(([kind, { secretArn }]) => [kind, secretArn]);
  return {
    [environmentNames.databaseSecret]: ownerSecret.secretArn,
    [environmentNames.loginSecrets]: JSON.stringify(Object.fromEntries(arns)),
    ...(loaderSecret ? { [environmentNames.loaderSecret]: loaderSecret.secretArn } : {}),
  };
}
