import { writeFileSync } from 'node:fs';
import { EVENT_SOURCE, runEventSchema } from '../lib/core/cloud/run-event.ts';
import { fieldsOf } from './json-fields.ts';

/** The page of the events on a bus, from their schema; `npm run docs` writes it beside this file. */
export function eventsPage(): string {
  const states = runEventSchema.shape.state.options.map((state) => `\`Run ${state}\``).join(', ');
  const rows = fieldsOf(runEventSchema).map(
    ({ path, type, isOptional, meaning }) => `| \`${path}\` | ${type}${isOptional ? ', optional' : ''} | ${meaning} |`,
  );
  return `${introduction}
## The event

\`source\` is \`${EVENT_SOURCE}\`. \`detail-type\` is one of ${states}. \`detail\` is:

| field | type | means |
|---|---|---|
${rows.join('\n')}

Within a version fields are only added, so let a rule and a program ignore those that they do not know. Every other change is a new
\`version\`; a rule can ask for \`"version": [1]\`.
${rest}`;
}

const introduction = `# Events for other pipelines

<!-- Written by \`npm run docs\` from docs/events.ts; edits here are lost. -->

With \`events: {bus: default}\` in nightfeed.config.yaml, or \`eventBus\` of the construct, each message about a run of a deployed feed is
also an event on an Amazon EventBridge bus, so that another pipeline can begin when a delivery is in production. \`bus\` is \`default\`, the
name of a bus of the account, or the ARN of one elsewhere that lets this account put events.

Events are off unless you name a bus. Whoever may make rules on the bus reads names, counts and errors of all feeds on it; and a network
without a way to EventBridge could not send them. Each function that sends messages gets one more right: \`events:PutEvents\` on this bus, with
\`${EVENT_SOURCE}\` as the only source.
`;

const rest = `
## What you can rely on

- **Never before the commit.** The event comes from the outbox, where the transaction that publishes puts its message.
- **Not lost.** What the bus does not take stays in the outbox, and the feed's next run sends it. E-mails go out meanwhile; when the bus
  is back, both are sent again with their \`id\`.
- **At least once.** The same event may come twice, with the same \`id\`, which every receiver has to expect of EventBridge anyway.
- A finished date that is asked for again, and has nothing new, makes no event.
- \`Run published\` says that the tables in PostgreSQL are new. The files in \`current/\` are written after it, the marker last
  ([lake](lake.md)).

## A rule

Starts a state machine when the feed \`catalog\` of the stage \`prod\` was published:

\`\`\`json
{
  "source": ["${EVENT_SOURCE}"],
  "detail-type": ["Run published"],
  "detail": { "stage": ["prod"], "feed": ["catalog"] }
}
\`\`\`

\`\`\`sh
aws events put-rule --name after-catalog --event-pattern file://pattern.json
aws events put-targets --rule after-catalog \\
  --targets Id=reports,Arn=arn:aws:states:eu-west-1:123456789012:stateMachine:reports,RoleArn=arn:aws:iam::123456789012:role/start-reports
\`\`\`
`;

if (import.meta.main) writeFileSync(new URL('events.md', import.meta.url), eventsPage());
