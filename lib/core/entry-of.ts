/**
 * What an object holds under a name that a vendor or a feed file chose, never what every object inherits: `constructor` and
 * `__proto__` are names too. Where such an object is made, `Object.fromEntries` takes any name, and assignment does not.
 */
export function entryOf<T>(of: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return of && Object.hasOwn(of, name) ? of[name] : undefined;
}
