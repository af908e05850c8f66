import type { Aws } from '../aws.ts';
import { queryAws } from '../aws-request.ts';
import { type Call, recordedCalls } from './call.ts';
import { listOf } from './conditions.ts';
import { type DeployedPolicies, deployedPolicies } from './deployed-policies.ts';
import { ACCOUNT, deployedThings } from './deployed-things.ts';
import type { Implied } from './implied.ts';
import { rightsOfFunctions, rightsOfJobs, rightsOfTasks } from './implied-by-processes.ts';
import { rightsOfAlarms, rightsOfFailureRule, rightsOfSchedule, rightsOfStateMachine } from './implied-by-services.ts';
import { type Need, needsOf, type Things } from './needs.ts';
import { fits, fitsResource } from './patterns.ts';
import { decide, type Principal, type Statement } from './policy.ts';

export interface Audit {
  /** Calls that IAM would refuse: who, what, on what, and why. */
  readonly denied: readonly string[];
  /** What a role may do and did not: policy, action, resource. */
  readonly unused: readonly string[];
  /** Actions that were asked for. */
  readonly asked: readonly string[];
  /** Number of calls that the emulator has written down, of others too. */
  readonly recorded: number;
}

interface Asked extends Need {
  readonly principal: Principal;
  readonly source?: string;
}

/**
 * Holds every call that a stage's roles, and AWS's services for them, have made so far against the policies that are deployed now. A deployment
 * may take rights away that were needed before it: `after` leaves the earliest calls out.
 */
export async function auditRights(aws: Aws, stage: string, feeds: readonly string[], after = 0): Promise<Audit> {
  const things = deployedThings(aws);
  const policies = deployedPolicies(aws);
  const prefix = `nightfeed-${stage}-`;
  const recorded = await recordedCalls({ folder: aws.folder! });
  const calls = recorded.slice(after).filter((call) => isOf(call, prefix) && !isOtherwise(call));
  const ofCalls = await Promise.all(
    calls.map(async (call) =>
      (await needsOf(call, things)).map((need): Asked => ({ ...sourceOf(call), principal: call.principal, ...need })),
    ),
  );
  const implied = await Promise.all(feeds.map((feed) => impliedRights(aws, things, stage, feed, calls)));
  const ofAws = implied
    .flat()
    .flatMap(({ principal, needs, ...from }) => needs.map((need): Asked => ({ ...from, principal, ...need })));

  const denied = new Set<string>();
  const used = new Map<Statement, Asked[]>();
  const asked = distinct([...ofCalls.flat(), ...ofAws]);
  for (const access of asked) {
    const { principal, action, resource } = access;
    const decision = decide(
      { principal, action, resource, context: contextOf(access) },
      await policies.deciding(principal, action, resource),
    );
    if (!decision.isAllowed) denied.add(`${whoIs(principal)} ${action} ${resource}: ${decision.why}`);
    else for (const statement of decision.by) used.set(statement, [...(used.get(statement) ?? []), access]);
  }
  const roles = await rolesOf(aws, prefix);
  return {
    denied: [...denied],
    unused: await unusedOf(roles, policies, used),
    asked: [...new Set(asked.map(({ action }) => action))],
    recorded: recorded.length,
  };
}

/** Calls of its roles, and what services do for it. */
function isOf({ principal, ...call }: Call, prefix: string): boolean {
  return 'role' in principal ? principal.role.includes(`role/${prefix}`) : JSON.stringify(call).includes(prefix);
}

/**
 * What LocalStack does in another way than AWS, of which `impliedRights` has AWS's way: it keeps logs of functions in a group of its own, and takes a
 * state machine's role without saying for which state machine.
 */
function isOtherwise({ api, operation, principal }: Call): boolean {
  if ('role' in principal) return api === 'logs';
  return operation === 'AssumeRole' && principal.service === 'states.amazonaws.com';
}

/** Of a feed that was deployed, and of what was called. */
async function impliedRights(
  aws: Aws,
  things: Things,
  stage: string,
  feed: string,
  calls: readonly Call[],
): Promise<Implied[]> {
  const found = await Promise.all([
    rightsOfFunctions(aws, stage),
    rightsOfTasks(aws, calls),
    rightsOfStateMachine(aws, stage, feed, calls),
    rightsOfSchedule(aws, stage, feed),
    rightsOfFailureRule(aws, calls),
    rightsOfAlarms(aws, things, stage, feed),
    rightsOfJobs(aws, calls),
  ]);
  return found.flat();
}

const sourceOf = ({ source }: Call) => (source === undefined ? {} : { source });

/** What AWS adds to each request. Ours are over TLS, which the emulator does without. */
function contextOf({ principal, source, context }: Asked) {
  const caller = 'role' in principal ? { 'aws:PrincipalArn': principal.role } : { 'aws:SourceAccount': ACCOUNT };
  return {
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    ...caller,
    ...(source === undefined ? {} : { 'aws:SourceArn': source }),
    ...context,
  };
}

function distinct(all: readonly Asked[]): Asked[] {
  return [...new Map(all.map((asked) => [JSON.stringify(asked), asked])).values()];
}

function whoIs(principal: Principal): string {
  return 'role' in principal ? principal.role.replace(/^.*\//, '') : principal.service;
}

async function rolesOf(aws: Aws, prefix: string): Promise<string[]> {
  const answer = await queryAws(aws, 'iam', { Action: 'ListRoles', Version: '2010-05-08', MaxItems: '1000' });
  const arns = [...answer.matchAll(/<Arn>([^<]+)<\/Arn>/g)].map(([, arn]) => arn!);
  return arns.filter((arn) => arn.includes(`role/${prefix}`));
}

/** By action and resource as the statement has it. */
async function unusedOf(
  roles: readonly string[],
  policies: DeployedPolicies,
  used: ReadonlyMap<Statement, readonly Asked[]>,
): Promise<string[]> {
  const unused = new Set<string>();
  for (const role of roles)
    for (const [name, { Statement }] of await policies.ofRole(role))
      for (const statement of Statement.filter(({ Effect }) => Effect === 'Allow'))
        for (const action of listOf(statement.Action))
          for (const resource of listOf(statement.Resource)) {
            const isAsked = (used.get(statement) ?? []).some(
              (asked) =>
                fits(asked.action.toLowerCase(), action.toLowerCase()) && fitsResource(asked.resource, resource),
            );
            if (!isAsked) unused.add(`${processOf(name)} ${action} ${shortOf(resource)}`);
          }
  return [...unused].sort();
}

/** PipelineFunctionsclaimProcessRoleDefaultPolicy0A1B2C3D */
function processOf(policy: string): string {
  return policy
    .replace(/^.*\//, '')
    .replace(
      /^Pipeline(Functions|Tasks|Deployment)?|(Process)?RoleDefaultPolicy\w*$|^nightfeed-\w+-(?=\w+-operators)/g,
      '',
    );
}

/** Without what differs from one deployment to the next. */
function shortOf(resource: string): string {
  const [, zone] = /:s3:::[^/]+\/(\w+)\//.exec(resource) ?? [];
  const [, login] = /:secret:.*Logins(fetch|compare|control|publish|notify|decide)/.exec(resource) ?? [];
  return zone ?? login ?? resource.replace(/^arn:aws:(\w*):[\w-]*:\d*:/, '$1:').replace(/nightfeed-t[0-9a-f]{8}-/g, '');
}
