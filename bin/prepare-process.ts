/** Before anything else, in every process that a person or a timer starts. */
export function prepareProcess(): void {
  // Vendors' rows are in all that is written, also by the processes that we start. CDK must not do so: Lambda reads what it packs.
  process.umask(process.env.NIGHTFEED_GROUP ? 0o007 : 0o077);
  // A reader who went away (a closed pipe, a full disk behind a redirection) must not end a night half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
