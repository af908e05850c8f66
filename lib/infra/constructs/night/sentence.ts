/** A comment of the console, from what a process does. */
export function sentence(does: string): string {
  return does[0]!.toUpperCase() + does.slice(1);
}
