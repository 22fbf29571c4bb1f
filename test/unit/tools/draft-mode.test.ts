import { describe, expect, test } from 'vitest';
import { campaignNamed, changesSince, leadRow, listNamed } from '../../support/clients/elicitation.ts';
import { type Sandboxed, useSandbox } from '../../support/programs/sandbox-harness.ts';
import { useFastTime } from '../../support/runs/fast-time.ts';

const MANUAL = { clock: 'manual', startAt: Date.parse('2026-06-15T10:00:00Z') } as const;

interface DraftError {
  kind: string;
  outcome: string;
  message: string;
  nextStep: string;
}

/** Makes a call that mode draft must not make. */
async function rejectionOf(at: Sandboxed, tool: string, args: object): Promise<DraftError> {
  const before = at.sandbox.requests.length;
  const { structuredContent } = await at.peer.callTool(tool, args);
  expect(structuredContent).not.toHaveProperty('confirmation');
  expect(changesSince(at, before)).toEqual([]);
  const error = structuredContent?.error as DraftError;
  expect(error).toMatchObject({ kind: 'draft_mode', outcome: 'not_sent' });
  return error;
}

describe.each(['ask', 'off'])('mode draft with --confirm %s', (confirm) => {
  const at = useSandbox(MANUAL, 'in-process', ['--mode', 'draft', '--confirm', confirm]);

  /** Calls a tool, and confirms it where it asks. */
  async function call(tool: string, args: object) {
    const first = await at.peer.callTool(tool, args);
    const asked = first.structuredContent?.confirmation as { confirmToken: string } | undefined;
    return asked === undefined ? first : at.peer.callTool(tool, { ...args, confirmToken: asked.confirmToken });
  }

  test('lists the tools that add leads', async () => {
    const names = (await at.peer.listTools()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'add_leads_to_list',
        'add_leads_to_campaign',
        'add_leads_to_list_v1',
        'add_leads_to_campaign_v1',
      ]),
    );
    expect(names).not.toContain('start_campaign');
    expect(names).not.toContain('send_message');
  });

  test.each(['add_leads_to_list', 'add_leads_to_list_v1'])('%s fills a list of a DRAFT campaign', async (tool) => {
    const { structuredContent } = await call(tool, {
      listId: listNamed(at, 'Partners to be').id,
      leads: [leadRow(`new-${tool.length}`)],
    });
    expect(structuredContent).toMatchObject({ sent: 1, added: 1 });
    expect(at.sandbox.reached.total).toBe(0);
  });

  test.each([
    ['add_leads_to_list', 'Founders, autumn', 'IN_PROGRESS'],
    ['add_leads_to_list', 'Fair visitors', 'STARTING'],
    ['add_leads_to_list', 'Newsletter readers', 'SCHEDULED'],
    ['add_leads_to_list_v1', 'Founders, autumn', 'IN_PROGRESS'],
  ])('%s rejects the list %s of a campaign that is %s', async (tool, name, status) => {
    const { id } = listNamed(at, name);
    const error = await rejectionOf(at, tool, { listId: id, leads: [leadRow('jane')] });
    expect(error.message).toMatch(
      new RegExp(
        `^--mode draft adds no people where a campaign would contact them\\. List ${id} feeds campaigns that run or are about to run: campaign \\d+ \\(${status}\\)\\.$`,
      ),
    );
  });

  test.each(['add_leads_to_campaign', 'add_leads_to_campaign_v1'])('%s fills a PAUSED campaign', async (tool) => {
    const campaign = campaignNamed(at, 'Waiting for leads');
    const accountLeadPairs = [{ lead: leadRow(`waiting-${tool.length}`) }];
    const { structuredContent } = await call(tool, { campaignId: campaign.id, accountLeadPairs });
    expect(structuredContent).toMatchObject({ sent: 1, added: 1 });
    expect(campaign.status).toBe('PAUSED');
  });

  test.each([
    ['a running campaign', 'Founders, autumn', {}, /The target runs or is about to run: campaign \d+ \(IN_PROGRESS\)/],
    ['a campaign that will start soon', 'Next week: readers', {}, /campaign \d+ \(SCHEDULED\)/],
    ['a resume flag', 'Waiting for leads', { resumePausedCampaign: true }, /A resume flag is set/],
    ['a list that another running campaign uses', 'Fair follow-up', {}, /List \d+ feeds .*\(STARTING\)/],
  ])('add_leads_to_campaign rejects %s', async (_, name, flags, message) => {
    const accountLeadPairs = [{ lead: leadRow('jane') }];
    const args = { campaignId: campaignNamed(at, name).id, accountLeadPairs, ...flags };
    expect((await rejectionOf(at, 'add_leads_to_campaign', args)).message).toMatch(message);
    expect((await rejectionOf(at, 'add_leads_to_campaign_v1', args)).message).toMatch(message);
  });

  test('rejects a list whose campaigns cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/campaign/GetAll' }, kind: 'status', status: 403 });
    const before = at.sandbox.requests.length;
    const args = { listId: listNamed(at, 'Emptied list').id, leads: [leadRow('unread')] };
    const { structuredContent } = await at.peer.callTool('add_leads_to_list', args);
    expect(structuredContent?.error).toMatchObject({ kind: 'forbidden' });
    expect(changesSince(at, before)).toEqual([]);
  });
});

describe('mode draft, at the time of the write', () => {
  // Speeds up the clock, which shortens pauses and retries of the program.
  useFastTime();
  const at = useSandbox({}, 'in-process', ['--mode', 'draft']);

  test('rejects a list whose campaign started while the call was queued', async () => {
    const path = '/list/AddLeadsToListV2';
    const listId = at.sandbox.workspace.fixtures.emptyList;
    at.sandbox.faults.add({ match: { path }, kind: 'rateLimit', retryAfter: '2' });
    const adding = at.peer.callTool('add_leads_to_list', { listId, leads: [leadRow('jane')] });
    const tries = () => at.sandbox.requests.filter((request) => request.path.includes(path)).length;
    await expect.poll(tries, { interval: 1 }).toBe(1);
    [...at.sandbox.workspace.campaigns.values()].find((campaign) => campaign.listId === listId)!.status = 'IN_PROGRESS';
    expect((await adding).structuredContent?.error).toMatchObject({ kind: 'draft_mode', outcome: 'not_sent' });
    expect(tries()).toBe(1);
  });
});

describe('a hidden tool is reported as hidden:', () => {
  const draft = useSandbox(MANUAL, 'in-process', ['--mode', 'draft', '--exclude-tools', 'create_list']);
  const few = useSandbox(MANUAL, 'in-process', ['--toolsets', 'inbox'], { HEYREACH_ORG_API_KEY: '' });

  test.each([
    [draft, 'send_message', 'send_message is hidden by --mode draft'],
    [draft, 'create_list', 'create_list is hidden by --exclude-tools'],
    [few, 'list_campaigns', 'list_campaigns is hidden by --toolsets, which omits campaigns'],
    [few, 'delete_everything', 'Unknown tool: delete_everything'],
  ])('%#: %s', async (at, tool, message) => {
    await expect(at.peer.callTool(tool, {})).rejects.toThrow(`-32602: ${message}`);
  });
});
