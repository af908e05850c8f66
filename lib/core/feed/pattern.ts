/** Whether a file name fits a pattern in which `*` is any text and `?` any character. Takes no more steps than both lengths multiplied. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [wanted, found] = [[...pattern], [...name]];
  let [at, next] = [0, 0];
  // The last star, and how much of the name it took: what follows it is tried again with one character more.
  let star = -1;
  let taken = 0;
  while (next < found.length) {
    if (wanted[at] === '*') {
      star = at++;
      taken = next;
    } else if (wanted[at] === '?' || wanted[at] === found[next]) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      next = ++taken;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}
