/** What nobody caught goes to `end` instead of Node, which would print a stack and forget what the process is to answer. */
export function lastResort(end: (thrown: unknown) => void): void {
  process.on('uncaughtException', end).on('unhandledRejection', end);
}
