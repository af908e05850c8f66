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

/** Sends messages and alarms to a Slack channel. From the channel nobody can do anything in the account. */
export function slackChannel(scope: Construct, { name, slack, topics }: SlackProps): SlackChannelConfiguration {
  return new SlackChannelConfiguration(scope, 'Slack', {
    slackChannelConfigurationName: name,
    slackWorkspaceId: slack.workspace,
    slackChannelId: slack.channel,
    notificationTopics: topics,
    // The role has no rights, so that nobody can read anything or run commands from the channel.
    role: new Role(scope, 'SlackRole', { assumedBy: new ServicePrincipal('chatbot.amazonaws.com') }),
    guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
  });
}
