/** Called first in every process that a person or a timer starts. */
export function prepareProcess(): void {
  // All files that we and our child processes write may have vendors' rows. CDK does not set it, because Lambda has to read what CDK packs.
  process.umask(process.env.NIGHTFEED_GROUP ? 0o007 : 0o077);
  // A closed pipe, or a full disk behind a redirection, must not end the process in the middle of a night.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
