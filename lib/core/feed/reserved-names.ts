/**
 * Environment variables that are no vendor's secret: who writes a feed file could send them to any host. Those of nightfeed, of
 * AWS, of PostgreSQL's client, of Node and npm, of the loader of programs, of what runs containers and builds, and of the system.
 */
export function isReservedName(name: string): boolean {
  // Where the system takes upper and lower case for the same, so do we.
  const upper = name.toUpperCase();
  return names.has(upper) || prefixes.some((prefix) => upper.startsWith(prefix)) || OF_LIBPQ.test(upper);
}

export const reservedNames =
  'NIGHTFEED_*, AWS_*, ECS_*, CDK_*, NODE_*, NPM_*, LD_*, DYLD_*, LC_*, XDG_*, KUBERNETES_*, ACTIONS_*, those of libpq (PGPASSWORD and the like), PATH, HOME and others of the system';

const prefixes = [
  'NIGHTFEED_',
  'AWS_',
  'ECS_',
  'CDK_',
  'NODE_',
  'NPM_',
  'LD_',
  'DYLD_',
  'LC_',
  'XDG_',
  'KUBERNETES_',
  'ACTIONS_',
];

/** PGHOST, PGPASSWORD, PGSSLKEY: one word each, so that a vendor whose name begins with PG is not meant. */
const OF_LIBPQ = /^PG[A-Z]+$/;

const names = new Set([
  ...['PATH', 'HOME', 'USER', 'USERNAME', 'LOGNAME', 'SHELL', 'PWD', 'OLDPWD', 'HOSTNAME', 'MAIL', 'TERM', 'LANG'],
  ...['TMPDIR', 'TMP', 'TEMP', 'IFS', 'ENV', 'BASH_ENV', 'JAVA_HOME', 'PYTHONPATH', 'PYTHONHOME', 'PYENV_ROOT'],
  ...['DATABASE_URL', 'KUBECONFIG', 'VAULT_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'GITLAB_TOKEN', 'CI_JOB_TOKEN'],
  ...['GOOGLE_APPLICATION_CREDENTIALS', 'AZURE_CLIENT_SECRET', 'SSH_AUTH_SOCK'],
]);
