/** Gives uncaught errors to `end`. Node would print a stack and end the process without the answer that its caller expects. */
export function lastResort(end: (thrown: unknown) => void): void {
  process.on('uncaughtException', end).on('unhandledRejection', end);
}
