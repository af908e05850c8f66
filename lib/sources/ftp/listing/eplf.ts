import type { Entry } from './entry.ts';

/** A line of EPLF (cr.yp.to/ftp/list/eplf.html): `+facts,<tab>name`; undefined for any other line. */
export function eplfLine(line: string): Entry | undefined {
  const match = /^\+([^\t]*)\t(.+)$/.exec(line);
  if (!match) return undefined;
  const facts = match[1]!.split(',');
  const told = (letter: string) => facts.find((fact) => fact.startsWith(letter))?.slice(1);
  const [size, seconds] = [told('s'), told('m')];
  return {
    name: match[2]!,
    kind: facts.includes('/') ? 'folder' : facts.includes('r') ? 'file' : 'other',
    size: size && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    modified: seconds && /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : undefined,
  };
}
