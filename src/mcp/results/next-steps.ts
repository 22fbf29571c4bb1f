import { CHECK_ROUTE, type HeyReachError, LOOK_UP } from '../../client/index.ts';
import { idSourceOf } from '../arguments/id-sources.ts';
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

const PEOPLE = 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.';

/** What finds valid values for parameters without a tool that lists them. They say more than other parameters of a call. */
const FINDS_TEXT: [parameter: string, step: string][] = [
  ['conversationId', 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.'],
  ['webhookId', 'List the webhooks with list_webhooks.'],
];

/** The entity that a tool lists. */
const FOUND: Readonly<Record<string, string>> = {
  list_campaigns: 'campaign',
  list_lists: 'list',
  list_linkedin_accounts: 'sender',
  list_users: 'user',
  list_workspaces: 'workspace',
};

/** How to find valid values for the ids of a call. undefined for a call without ids. */
export function findStep(parameters: readonly string[]): string | undefined {
  const text = FINDS_TEXT.find(([parameter]) => parameters.includes(parameter));
  if (text !== undefined) return text[1];
  const sources = new Set(parameters.map(idSourceOf));
  const listing = Object.keys(FOUND).filter((tool) => sources.has(tool));
  // A source and a target can each be wrong. Otherwise the first id names what a call is about.
  const named = parameters.some((name) => /^(?:from|to)[A-Z]/.test(name)) ? listing : listing.slice(0, 1);
  const takesMany = (tool: string) => parameters.some((name) => name.endsWith('Ids') && idSourceOf(name) === tool);
  const nounOf = (tool: string) => (takesMany(tool) ? `${FOUND[tool]}s` : FOUND[tool]);
  if (named.length > 0) return `Find ${named.map((tool) => `the ${nounOf(tool)} with ${tool}`).join(', and ')}.`;
  return parameters.some((name) => /profileUrls?$/i.test(name)) ? PEOPLE : undefined;
}

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
  // A call without an id cannot have named a wrong id.
  if (error.nextStep === LOOK_UP) return findStep(Object.keys(input)) ?? CHECK_ROUTE;
  return error.nextStep;
}
