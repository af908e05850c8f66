/**
 * Environment variables that cannot be a vendor's secret, because the author of a feed file could send them to any host: those of nightfeed, of
 * AWS, of PostgreSQL's client, of Node and npm, of the loader of programs, of what runs containers and builds, and of the system.
 */
export function isReservedName(name: string): boolean {
  // Windows ignores case in these names, so we do too.
  const upper = name.toUpperCase();
  return names.has(upper) || prefixes.some((prefix) => upper.startsWith(prefix)) || OF_LIBPQ.test(upper);
}

export const reservedNames =
  'NIGHTFEED_*, AWS_*, ECS_*, CDK_*, NODE_*, NPM_*, LD_*, DYLD_*, LC_*, XDG_*, KUBERNETES_*, ACTIONS_*, OTEL_*, OPENLINEAGE_*, those of libpq (PGPASSWORD and the like), PATH, HOME and others of the system';

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
  'OTEL_',
  'OPENLINEAGE_',
];

/** PGHOST, PGPASSWORD, PGSSLKEY are one word each. A vendor's name that begins with PG and has several words stays allowed. */
const OF_LIBPQ = /^PG[A-Z]+$/;

const names = new Set([
  ...['PATH', 'HOME', 'USER', 'USERNAME', 'LOGNAME', 'SHELL', 'PWD', 'OLDPWD', 'HOSTNAME', 'MAIL', 'TERM', 'LANG'],
  ...['TMPDIR', 'TMP', 'TEMP', 'IFS', 'ENV', 'BASH_ENV', 'JAVA_HOME', 'PYTHONPATH', 'PYTHONHOME', 'PYENV_ROOT'],
  ...['DATABASE_URL', 'KUBECONFIG', 'VAULT_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'GITLAB_TOKEN', 'CI_JOB_TOKEN'],
  ...['GOOGLE_APPLICATION_CREDENTIALS', 'AZURE_CLIENT_SECRET', 'SSH_AUTH_SOCK'],
]);
