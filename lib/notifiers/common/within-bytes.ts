/** The first parts of a message about a run, as many as fit into a channel's limit, and where the others are. */
export function withinBytes(run: string, parts: readonly string[], most: number): string[] {
  let left = most;
  const fitting: string[] = [];
  for (const part of parts) {
    left -= Buffer.byteLength(part);
    if (left < 0) return [...fitting, `More is in: nightfeed status ${run}`];
    fitting.push(part);
  }
  return fitting;
}
