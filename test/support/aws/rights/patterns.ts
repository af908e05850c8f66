import { fitsWildcards } from '../../../../lib/core/wildcards.ts';

/** IAM's wildcards, in whole texts. A variable such as `${aws:username}` is refused, because none of our policies has one. */
export function fits(text: string, pattern: string): boolean {
  if (pattern.includes('${')) throw new Error(`a policy variable, which is not evaluated here: ${pattern}`);
  return fitsWildcards(text, pattern, { anyText: '*', anyCharacter: '?' });
}

const ARN_PARTS = 6;

/**
 * As ARNs are compared in conditions: part by part, of which the last one holds all further colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
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

/**
 * As ARNs are compared in Resource and NotResource: the same, but a `*` at the end of a part also stands for parts that follow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function fitsResource(arn: string, pattern: string): boolean {
  return fitsArn(arn, pattern) || goesBeyond(arn.split(':'), pattern.split(':'));
}

function goesBeyond(parts: readonly string[], wanted: readonly string[]): boolean {
  return wanted.slice(0, ARN_PARTS - 1).some((part, index) => {
    const isBegun = wanted.slice(0, index + 1).every((each, at) => fits(parts[at] ?? '', each));
    if (!part.endsWith('*') || !isBegun) return false;
    const rest = wanted.slice(index + 1).join(':');
    return rest === '' || parts.some((_part, next) => next > index + 1 && fits(parts.slice(next).join(':'), rest));
  });
}
