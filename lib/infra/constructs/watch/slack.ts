import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SlackConfig } from '../../config.ts';

interface SlackProps {
  readonly name: string;
  readonly slack: SlackConfig;
  readonly topics: ITopic[];
}

/** Messages and alarms in a Slack channel, from which nobody can do anything in the account. */
export function slackChannel(scope: Construct, { name, slack, topics }: SlackProps): SlackChannelConfiguration {
  return new SlackChannelConfiguration(scope, 'Slack', {
    slackChannelConfigurationName: name,
    slackWorkspaceId: slack.workspace,
    slackChannelId: slack.channel,
    notificationTopics: topics,
    // A role without rights: reading and commanding from the channel stay impossible.
    role: new Role(scope, 'SlackRole', { assumedBy: new ServicePrincipal('chatbot.amazonaws.com') }),
    guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
  });
}
