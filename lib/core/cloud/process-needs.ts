/** What a kind of a wing needs of the processes on AWS that use it. */
export interface ProcessNeeds {
  readonly rights: readonly CloudRight[];
  /** Variables by name. Names and addresses only: whoever may describe a function or a task sees them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a role may do. */
export interface CloudRight {
  readonly actions: readonly string[];
  /** ARNs; `arn:` and the partition may be left out, as in `s3:::vendor/out/*`. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What each pipeline makes for its messages and alarms: ARNs. */
export interface MessageTopics {
  readonly topic: string;
  /** For chat clients, where there are any. */
  readonly chatTopic: string | undefined;
  /** The event bus for events about runs, where somebody wants them. */
  readonly bus: string | undefined;
  /** Keys that encrypt what is sent to them. */
  readonly keys: readonly string[];
}

/** The bucket in which the lake of all pipelines of a stage lies. */
export interface LakeBucket {
  readonly name: string;
  readonly arn: string;
}

/** Beginnings of the keys that a process may use. Who writes or removes may read as well. */
export interface LakeUse {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly remove: readonly string[];
  /** Spark asks for unfinished uploads, to end those of its own. */
  readonly listsUploads: boolean;
}
