/** Clocks that run on by what somebody sleeps, so that no test waits. */
export function ownTime() {
  let slept = 0;
  return {
    now: () => new Date(Date.now() + slept),
    elapsed: () => performance.now() + slept,
    sleep: async (milliseconds: number) => {
      slept += milliseconds;
    },
  };
}

/** For processes that have nothing to remember. */
export const noLooks = { last: async () => null, keep: async () => {} };
