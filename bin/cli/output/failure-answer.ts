/** The answer of `--json` to a failure outside of a run. */
export function failureAnswer(state: string | null, error: { name: string; message: string; hint: string }) {
  return {
    run: null,
    state,
    date: null,
    attempt: null,
    tables: {},
    holds: [],
    warnings: [],
    error,
    seconds: 0,
    steps: {},
  };
}
