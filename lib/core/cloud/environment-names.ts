/** Environment of functions and tasks. */
export const environmentNames = {
  bucket: 'NIGHTFEED_BUCKET',
  /** ARN or name of the secret with host, port, dbname, username and password; never a value. */
  databaseSecret: 'NIGHTFEED_DATABASE_SECRET',
  /** JSON with the secret of each kind of login: of all for migrate, whose `NIGHTFEED_DATABASE_SECRET` is the owner's, and of those that a process of several steps uses. */
  loginSecrets: 'NIGHTFEED_LOGIN_SECRETS',
  /** migrate only, optional: the secret of the one login that all steps had before. */
  loaderSecret: 'NIGHTFEED_LOADER_SECRET',
  /** Key of the deployed feed document: claim, look, operator and tasks. */
  feed: 'NIGHTFEED_FEED',
  stage: 'NIGHTFEED_STAGE',
  /** Topic of the messages: claim, guard, notify, stop and operator. */
  topic: 'NIGHTFEED_TOPIC',
  /** Topic of the same messages for chat; optional. */
  chatTopic: 'NIGHTFEED_CHAT_TOPIC',
  /** Roles whose sessions count as people, separated by commas; optional, for those who count approvals. */
  peopleRoles: 'NIGHTFEED_PEOPLE_ROLES',
  /** ARN of the event bus that gets an event for each message; optional. The same processes as for the topic. */
  eventBus: 'NIGHTFEED_EVENT_BUS',
  run: 'NIGHTFEED_RUN',
  execution: 'NIGHTFEED_EXECUTION',
  scratch: 'NIGHTFEED_SCRATCH',
  /** Name of the Glue job: diff-glue and plan, of feeds that may need Spark. */
  glueJob: 'NIGHTFEED_GLUE_JOB',
  /** Database of the Glue Data Catalog in which tidy shows the tables; optional. */
  catalog: 'NIGHTFEED_CATALOG',
} as const;
