/** Calls `first` at the first SIGTERM or Ctrl-C, and ends the process at the second. Answers how to listen no longer. */
export function onStopSignals(first: (signal: string) => void, second: () => void): () => void {
  let isStopping = false;
  const heard = (signal: NodeJS.Signals) => {
    if (!isStopping) {
      isStopping = true;
      first(signal);
      return;
    }
    second();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return () => {
    process.off('SIGINT', heard).off('SIGTERM', heard);
  };
}
