/** Names of what a pipeline consists of, the same in CDK, in functions and on the command line. `stack` is `<stage>-<feed>`. */
export function cloudNames(stage: string, feed: string): CloudNames {
  return namesOf(`${stage}-${feed}`);
}

export interface CloudNames {
  readonly stateMachine: string;
  readonly operator: string;
  readonly reader: string;
  /** A function of the pipeline, such as `claim`, `outcome`, `stop`. */
  function(name: string): string;
}

/** `nightfeed --stack NAME`: what cloudNames made of stage and feed. */
export function namesOf(stack: string): CloudNames {
  const named = (name: string) => `nightfeed-${stack}-${name}`;
  return { stateMachine: named('night'), operator: named('operator'), reader: named('reader'), function: named };
}

/** Athena takes letters, digits and underscores. */
export function catalogName(stack: string): string {
  return `nightfeed_${stack.replaceAll('-', '_')}`;
}
