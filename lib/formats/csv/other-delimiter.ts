/** What stands between all declared names in a header; undefined where they are not all there, or different texts are between them. */
export function otherDelimiter(header: string, names: readonly string[]): string | undefined {
  const places = names.map((name) => ({ from: header.indexOf(name), to: header.indexOf(name) + name.length }));
  if (names.length < 2 || places.some(({ from }) => from < 0)) return undefined;
  const inOrder = places.sort((a, b) => a.from - b.from);
  const gaps = inOrder.slice(1).map(({ from }, index) => header.slice(inOrder[index]!.to, from));
  const [gap = ''] = gaps;
  return gap.length > 0 && gap.length <= MOST && gaps.every((other) => other === gap) ? withoutQuotes(gap) : undefined;
}

/** With a quote on each side of it. */
const MOST = 11;

function withoutQuotes(gap: string): string | undefined {
  const bare = /^(["'])(.+)\1$/s.exec(gap)?.[2] ?? gap;
  return /[\r\n]/.test(bare) ? undefined : bare;
}
