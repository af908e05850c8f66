import { nearestName } from '../../../core/nearest-name.ts';
import { type EncodingName, encodingNames, encodings } from './names.ts';

/** The encoding of this name, however it is spelt. */
export function encodingNamed(text: string): EncodingName | undefined {
  return spellings.get(bare(text));
}

/** The encoding whose name differs from this text least, if by little. */
export function encodingLike(text: string): EncodingName | undefined {
  const nearest = nearestName(bare(text), spellings.keys());
  return nearest === undefined ? undefined : spellings.get(nearest);
}

const spellings = new Map(
  encodingNames.flatMap((name) => [name, ...encodings[name].also].map((spelling) => [bare(spelling), name] as const)),
);

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}
