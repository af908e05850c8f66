/**
 * Whom a name stands for when people are counted. `Ada` and `ada ` are one person. Of an AWS identity it takes what its
 * bearer cannot choose: whoever assumes a role names the session as he likes, so that all sessions of a role are one person.
 */
export function personOf(by: string): string {
  const name = by.normalize('NFKC').replace(/\p{C}/gu, '').trim().toLowerCase();
  const [, account, kind, role = '', session] = SESSION.exec(name) ?? [];
  if (account === undefined) return name;
  // Nobody but Identity Center assumes its roles, a user has several of them, and it names the session after the user.
  if (kind === 'assumed-role' && role.startsWith('awsreservedsso_')) return `${account}: ${session}`;
  return kind === 'assumed-role' ? `${account}: role ${role}` : `${account}: ${kind}`;
}

/** arn:aws:sts::123456789012:assumed-role/ROLE/SESSION, arn:aws:sts::123456789012:federated-user/NAME */
const SESSION = /^arn:[^:]+:sts::(\d+):(assumed-role|federated-user)\/([^/]+)(?:\/(.+))?$/;
