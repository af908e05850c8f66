import { fits, fitsArn } from './patterns.ts';

/** By operator, and within it by key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Values of condition keys; a key that a request does not have is absent. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** Whether a request's value fits one of a condition. */
const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: fits,
  ArnEquals: fitsArn,
  ArnLike: fitsArn,
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  NumericEquals: (value, wanted) => Number(value) === Number(wanted),
  NumericLessThan: (value, wanted) => Number(value) < Number(wanted),
  NumericLessThanEquals: (value, wanted) => Number(value) <= Number(wanted),
  NumericGreaterThan: (value, wanted) => Number(value) > Number(wanted),
  NumericGreaterThanEquals: (value, wanted) => Number(value) >= Number(wanted),
};

/** The opposite of another operator. It also holds where the key is absent. */
const opposites: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

const IF_EXISTS = 'IfExists';
/** `ForAnyValue:StringEquals`: how many of a request's values have to fit, where the key may have several. */
const SET = /^(ForAnyValue|ForAllValues):/;

/**
 * Whether all conditions hold: all operators and keys, and of the values of a key one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds(conditions: Conditions, context: Context): boolean {
  // Names of keys are not case-sensitive.
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), listOf(value)]));
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holdsFor(operator, values.get(key.toLowerCase()), listOf(wanted))),
  );
}

function holdsFor(operator: string, values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(values === undefined));
  const [, set] = SET.exec(operator) ?? [];
  const one = operator.replace(SET, '');
  const plain = one.endsWith(IF_EXISTS) ? one.slice(0, -IF_EXISTS.length) : one;
  const opposite = opposites[plain];
  const compare = operators[opposite ?? plain];
  if (compare === undefined) throw new Error(`a condition operator that is not evaluated here: ${operator}`);
  const isFound = (value: string) => wanted.some((each) => compare(value, each));
  const fitsOne = (value: string) => (opposite === undefined ? isFound(value) : !isFound(value));
  if (set === 'ForAllValues') return (values ?? []).every(fitsOne);
  if (values === undefined) return plain !== one || (opposite !== undefined && set === undefined);
  if (set === 'ForAnyValue') return values.some(fitsOne);
  return opposite === undefined ? values.some(isFound) : !values.some(isFound);
}

/** Policies write one value or several. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
