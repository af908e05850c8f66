import { fitsWildcards } from '../../../../lib/core/wildcards.ts';

/** IAM's wildcards, in whole texts. A variable such as `${aws:username}` is refused, because none of our policies has one. */
export function fits(text: string, pattern: string): boolean {
  if (pattern.includes('${')) throw new Error(`a policy variable, which is not evaluated here: ${pattern}`);
  return fitsWildcards(text, pattern, { anyText: '*', anyCharacter: '?' });
}

const ARN_PARTS = 6;

/** In ARNs a wildcard stays within its part, of which the last one holds all further colons. */
export function fitsArn(arn: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const [parts, wanted] = [partsOf(arn), partsOf(pattern)];
  return parts.length === wanted.length && parts.every((part, index) => fits(part, wanted[index]!));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [
    ...parts.slice(0, ARN_PARTS - 1),
    ...(parts.length < ARN_PARTS ? [] : [parts.slice(ARN_PARTS - 1).join(':')]),
  ];
}
