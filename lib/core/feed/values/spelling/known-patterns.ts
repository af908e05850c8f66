/** Patterns are compiled once for all fields. */
export function patternOf(text: string): RegExp {
  let pattern = compiled.get(text);
  if (!pattern) {
    pattern = new RegExp(text, 'u');
    compiled.set(text, pattern);
  }
  return pattern;
}

const compiled = new Map<string, RegExp>();
