/**
 * The person behind a name, for counting people. `Ada` and `ada ` are one person. Of an AWS identity it takes the part that its
 * bearer cannot choose. Whoever assumes a role chooses the session's name freely, so all sessions of a role are one person.
 */
export function personOf(by: string): string {
  const name = by.normalize('NFKC').replace(/\p{C}/gu, '').trim().toLowerCase();
  const [, account, kind, role = '', session] = SESSION.exec(name) ?? [];
  if (account === undefined) return name;
  // Only Identity Center assumes its roles. It names the session after the user, who may have several roles.
  if (kind === 'assumed-role' && role.startsWith('awsreservedsso_')) return `${account}: ${session}`;
  return kind === 'assumed-role' ? `${account}: role ${role}` : `${account}: ${kind}`;
}

/** arn:aws:sts::123456789012:assumed-role/ROLE/SESSION, arn:aws:sts::123456789012:federated-user/NAME */
const SESSION = /^arn:[^:]+:sts::(\d+):(assumed-role|federated-user)\/([^/]+)(?:\/(.+))?$/;
