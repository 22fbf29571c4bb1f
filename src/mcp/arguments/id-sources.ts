/** The tools that show the ids for a parameter. */
const ID_SOURCES: readonly [tool: string, parameters: readonly string[]][] = [
  ['list_campaigns', ['campaignId', 'campaignIds', 'campaignIdForTemplate', 'fromCampaignId', 'toCampaignId']],
  ['list_lists', ['listId', 'linkedInUserListId', 'excludeListId', 'fromListId', 'toListId']],
  [
    'list_linkedin_accounts',
    ['accountId', 'accountIds', 'linkedInAccountId', 'linkedInAccountIds', 'senderId', 'senderAccountId'],
  ],
  ['list_webhooks', ['webhookId']],
  ['list_users', ['userId']],
  ['list_workspaces', ['workspaceId', 'workspaceIds']],
];

const byParameter = new Map(
  ID_SOURCES.flatMap(([tool, parameters]) => parameters.map((name) => [name, tool] as const)),
);

/** The tool that shows the ids for a parameter, or undefined for other parameters. */
export function idSourceOf(parameter: string): string | undefined {
  return byParameter.get(parameter);
}
