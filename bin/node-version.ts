/** The oldest Node that runs this: `engines` in package.json. */
const NEEDED = [22, 18] as const;

/**
 * What is wrong with this version of Node; undefined when nothing is. Whatever this file imports must run on any Node: the
 * rest cannot even be loaded by an old one, whose libraries lack what it imports by name.
 */
export function nodeComplaint(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined;
  return `this is Node ${version}; nightfeed needs ${NEEDED.join('.')} or newer`;
}
