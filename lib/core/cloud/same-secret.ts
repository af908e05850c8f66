/**
 * Whether two names of Secrets Manager may mean the same secret. An ARN ends with a dash and six characters, which may be left out. In
 * doubt the answer is yes.
 */
export function isSameSecret(one: string, other: string): boolean {
  const forms = (reference: string) => {
    const name = reference.startsWith('arn:') ? reference.split(':').slice(6).join(':') : reference;
    return [name, name.replace(/-[A-Za-z0-9]{6}$/, '')];
  };
  return forms(one).some((form) => forms(other).includes(form));
}
