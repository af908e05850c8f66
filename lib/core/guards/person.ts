/**
 * The person behind a name, for counting people. `Ada` and `ada ` are one person. Of an AWS identity it takes the part that its
 * bearer cannot choose. Whoever assumes a role chooses the session's name, so all sessions of a role are one person. Of a role in
 * `peopleRoles` the account's administrators say that its trust policy lets each person use only their own name: the session's name
 * is the person, also beside other such roles, and beside the user of IAM with this name.
 */
export function personOf(by: string, peopleRoles: readonly string[] = []): string {
  const name = by.normalize('NFKC').replace(/\p{C}/gu, '').trim().toLowerCase();
  const [, ofUser, user] = USER.exec(name) ?? [];
  if (ofUser !== undefined) return `${ofUser}: ${user}`;
  const [, account, kind, role = '', session] = SESSION.exec(name) ?? [];
  if (account === undefined) return name;
  if (kind !== 'assumed-role') return `${account}: ${kind}`;
  return peopleRoles.some((each) => each.toLowerCase() === role)
    ? `${account}: ${session}`
    : `${account}: role ${role}`;
}

/** arn:aws:iam::123456789012:user/PATH/NAME. No two users of an account have the same name, whatever their paths. */
const USER = /^arn:[^:]+:iam::(\d+):user\/(?:.*\/)?([^/]+)$/;

/** arn:aws:sts::123456789012:assumed-role/ROLE/SESSION, arn:aws:sts::123456789012:federated-user/NAME */
const SESSION = /^arn:[^:]+:sts::(\d+):(assumed-role|federated-user)\/([^/]+)(?:\/(.+))?$/;
