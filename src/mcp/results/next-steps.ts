import { CHECK_ROUTE, type HeyReachError } from '../../client/index.ts';
import type { Tool } from '../tool.ts';

/** The next step after known error messages of HeyReach, for any tool. */
const AFTER_SENTENCE: [RegExp, string][] = [
  [
    /not paused, finished or failed/i,
    'Read its status with get_campaign: a DRAFT is started with start_campaign; STARTING and IN_PROGRESS run already.',
  ],
  [
    /cannot pause an inactive campaign/i,
    'Only STARTING and IN_PROGRESS campaigns can be paused; read the status with get_campaign.',
  ],
  [/invalid delay/i, 'Give the named node an actionDelay of at least 3 HOUR, and call again.'],
  [/CONNECTION_REQUEST already follows/i, 'Remove the FOLLOW node after the CONNECTION_REQUEST, and call again.'],
  [/Cannot have 2 CONNECTION_REQUEST/i, 'Keep one CONNECTION_REQUEST on each path, and call again.'],
  [/'Not Connected' side/i, 'Move the MESSAGE to the conditionalNode of the CHECK_IS_CONNECTION, and call again.'],
  [/Limit must be between/i, 'Ask for fewer rows with limit.'],
];

/** HeyReach changes a campaign only while it does not run. */
const CAMPAIGN_EDITS: ReadonlySet<string> = new Set([
  'update_campaign_settings',
  'update_campaign_sequence',
  'update_campaign_schedule',
  'set_campaign_accounts',
  'add_campaign_accounts',
  'remove_campaign_accounts',
]);
const NAMES_A_STATUS = /draft|scheduled|paused|running|in.progress|finished/i;
const PAUSE_FIRST =
  'Only a DRAFT, SCHEDULED or PAUSED campaign can be changed. Read the status with get_campaign: pause a STARTING or IN_PROGRESS campaign with pause_campaign first, then call again.';

/** The tool that finds valid values for a parameter. */
const FINDS: [parameter: string, step: string][] = [
  ['jobId', 'List the jobs of this key with get_job, without jobId.'],
  ['conversationId', 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.'],
  ['webhookId', 'List the webhooks with list_webhooks.'],
  ['campaignId', 'Find the campaign with list_campaigns.'],
  ['campaignIds', 'Find the campaigns with list_campaigns.'],
  ['listId', 'Find the list with list_lists.'],
  ['accountId', 'Find the sender with list_linkedin_accounts.'],
  ['senderAccountId', 'Find the sender with list_linkedin_accounts.'],
  ['senderId', 'Find the sender with list_linkedin_accounts.'],
  ['userId', 'Find the user with list_users.'],
  ['workspaceId', 'Find the workspace with list_workspaces.'],
  ['leadProfileUrl', 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.'],
  ['profileUrl', 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.'],
  ['profileUrls', 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.'],
];

/** How to read the state back after an unknown outcome. */
const READS: Partial<Record<string, string>> = {
  send_message: 'Read the thread with get_conversation and look for the text; send again only if it is not there.',
  create_campaign: 'Look for the name with list_campaigns before creating it again: campaigns cannot be deleted.',
  create_campaign_from_template:
    'Look for the name with list_campaigns before creating it again: campaigns cannot be deleted.',
  create_list: 'Look for the name with list_lists before creating it again: lists cannot be deleted.',
  create_webhook: 'Look for it with list_webhooks before creating it again: two equal webhooks both fire.',
  resume_campaign: 'Read the status with get_campaign before resuming again.',
};

/** What to do after an error, by the most specific rule that applies. */
export function nextStepFor(tool: Tool, error: HeyReachError, input: Record<string, unknown>): string {
  const toolStep = tool.nextStep?.(error, input as never);
  if (toolStep !== undefined) return toolStep;
  if (error.outcome === 'unknown') {
    if (tool.risk === 'read') return 'Nothing was changed; call again in a moment.';
    const read = READS[tool.name];
    if (read !== undefined) return read;
    if ('campaignId' in input) return 'Read the campaign with get_campaign before trying again.';
    return tool.retry === 'idempotent'
      ? 'Calling again with the same arguments leaves the same state.'
      : error.nextStep;
  }
  if (error.kind === 'bad_request' || error.kind === 'not_found') {
    const known = AFTER_SENTENCE.find(([sentence]) => sentence.test(error.message));
    if (known !== undefined) return known[1];
    const isStatusWrong = error.outcome === 'refused' && NAMES_A_STATUS.test(error.message);
    if (isStatusWrong && CAMPAIGN_EDITS.has(tool.name)) return PAUSE_FIRST;
  }
  if (error.kind === 'not_found' && error.nextStep !== CHECK_ROUTE) {
    const finder = FINDS.find(([parameter]) => parameter in input);
    // A call without an id cannot have named a wrong id.
    return finder?.[1] ?? CHECK_ROUTE;
  }
  return error.nextStep;
}
