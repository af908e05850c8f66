import type { Reporter, TestModule } from 'vitest/node';

/** The last line of a run says in a sentence how it ended. */
export default class LastLine implements Reporter {
  #begun = 0;

  onTestRunStart(): void {
    this.#begun = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: string): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const filesWithoutTests = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0);
    const failed = count('failed') + filesWithoutTests.length + errors.length;
    const skipped = count('skipped');
    const time = duration(performance.now() - this.#begun);
    // The default reporter ends later in the same turn.
    process.once('exit', () =>
      console.log(
        reason === 'passed' && failed === 0
          ? `All ${count('passed')} tests passed in ${time}${skipped > 0 ? `; ${skipped} were skipped` : ''}.`
          : `${failed} of ${tests.length} tests failed (${reason}) in ${time}.`,
      ),
    );
  }
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
