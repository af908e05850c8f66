import type { Resource } from '../synthesised.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Asked {
  readonly action: string;
  /** As the template has it. */
  readonly resource: unknown;
  /** Value of kms:ViaService, as the template writes it. */
  readonly via?: unknown;
}

/**
 * Whether statements allow a call: one allows it and none denies it. Knows what the templates have for keys: wildcards in actions, `*` as a
 * resource, and the condition kms:ViaService. Throws on any other condition, because it cannot evaluate it.
 */
export function allows(statements: readonly Statement[], asked: Asked): boolean {
  const matching = statements.filter((statement) => isAbout(statement, asked));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

function isAbout({ Action, Resource, Condition = {} }: Statement, { action, resource, via }: Asked): boolean {
  const isAction = [Action].flat().some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`).test(action));
  const isResource = [Resource].flat().some((each) => each === '*' || same(each, resource));
  if (!isAction || !isResource) return false;
  return Object.entries(Condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, value]) => {
      if (operator !== 'StringEquals' || key !== 'kms:ViaService')
        throw new Error(`unknown condition ${operator} ${key}`);
      return [value].flat().some((each) => same(each, via));
    }),
  );
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Statements of the roles of a template by the id of the role. */
export function statementsByRole(resources: Readonly<Record<string, Resource>>): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::IAM::Policy') continue;
    for (const { Ref: role } of Properties.Roles as { Ref: string }[])
      found.set(role, [...(found.get(role) ?? []), ...Properties.PolicyDocument.Statement]);
  }
  return found;
}
