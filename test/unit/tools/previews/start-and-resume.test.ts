import { describe, expect, test } from 'vitest';
import {
  ask,
  changesSince,
  confirm,
  expectChanged,
  linesOf,
  requestsSince,
  SENDERS,
  useAsking,
} from '../../../support/clients/elicitation.ts';
import type { Sandboxed } from '../../../support/programs/sandbox-harness.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

type Counts = { totalUsersPending?: number; totalUsersInProgress?: number };

const draft = ({ sandbox }: Sandboxed) =>
  sandbox.workspace.campaigns.get(sandbox.workspace.fixtures.draftReadyToStart)!;
const paused = ({ sandbox }: Sandboxed) => {
  const { fixtures, campaigns } = sandbox.workspace;
  return campaigns.get(fixtures.campaigns.PAUSED.find((id) => id !== fixtures.emptyListCampaign)!)!;
};

describe('start_campaign', () => {
  const at = useAsking();

  test('shows the leads, senders and steps, and starts the campaign once confirmed', async () => {
    const campaign = draft(at);
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'start_campaign', args);
    const lines = linesOf(shown);
    // Texts are shown completely, and a fallback is not a variant.
    const invitation = draft(at).sequence!.payload as { messages: string[] };
    expect(lines.slice(0, 8)).toEqual([
      'Start the campaign "Partners, second try", so that it contacts people?',
      `Campaign: "Partners, second try" (campaign ${campaign.id}), DRAFT`,
      'Leads to contact: 100, of 100 leads in the list "Partners to be"',
      'Work: 3 days for 100 leads at 35 invitations a day, if its senders work for no other campaign',
      'Senders: 2',
      '- "Tomás Remitente" (LinkedIn account 170138)',
      '- "Олег Отправителев" (LinkedIn account 170412)',
      'Steps: 3',
    ]);
    expect(lines[8]).toBe(
      `- CONNECTION_REQUEST: "${invitation.messages[0]}"; fallback if a variable has no value: "Hello!"`,
    );
    expect(lines[9]).toMatch(/^- if yes: MESSAGE after 4 hours: "Hi /);
    expect(lines.slice(-7)).toEqual([
      'In its list:',
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^- ".+" \(in\/[^\s%]+\)$/)),
      '- and 95 more',
    ]);
    expect(shown.preview).toMatchObject({
      campaign: { campaignId: campaign.id, name: 'Partners, second try', status: 'DRAFT' },
      leads: 100,
      list: { name: 'Partners to be', totalItemsCount: 100 },
      senders: [{ linkedInAccountId: SENDERS.tomas, authIsValid: true }, { linkedInAccountId: SENDERS.oleg }],
    });
    const { data, sent } = await confirm(at, 'start_campaign', args, shown);
    expect(sent).toEqual(['POST /campaign/StartCampaign']);
    expect(data).toMatchObject({ status: 'IN_PROGRESS' });
  });
});

describe('the findings of check_campaign in the preview of a start', () => {
  const at = useAsking();
  const warningsOf = async () => {
    const before = at.sandbox.requests.length;
    const { preview } = await ask(at, 'start_campaign', { campaignId: draft(at).id });
    return { warnings: preview.warnings ?? [], requests: requestsSince(at, before) };
  };
  const NOT_CHECKED = 'Whether leads are in other campaigns or conversations was not checked. check_campaign does.';

  test('say that leads were not checked where a read fails', async () => {
    at.sandbox.faults.add({ match: { path: '/campaign/GetCampaignsForLead' }, kind: 'status', status: 403 });
    const { warnings } = await warningsOf();
    at.sandbox.faults.clear();
    expect(warnings).toContain(NOT_CHECKED);
  });

  test('count the leads without a value and the leads in other campaigns, even if no tool has read them before', async () => {
    const { warnings, requests } = await warningsOf();
    expect(warnings).toEqual([
      'Leads have no `COMPANY`: they get the fallback (step 2 MESSAGE at sequence.conditionalNode; 6 of 100 leads). Read the fallback, or complete the leads.',
      expect.stringMatching(/^Leads are in other campaigns, and nothing excludes them \(overlap; 2 of 100 leads\)\. /),
      'Leads on the blacklist, whom HeyReach excludes: 6.',
    ]);
    expect(requests).toContain('POST /campaign/GetCampaignsForLead');
    // The index is kept for ten minutes. The five reads of the campaign remain.
    const again = await warningsOf();
    expect(again.warnings).toEqual(warnings);
    expect(again.requests).toHaveLength(5);
  });

  test('say how many leads were read where a read fails', async () => {
    at.sandbox.faults.add({ match: { path: '/list/GetLeadsFromList' }, kind: 'status', status: 403 });
    const { warnings } = await warningsOf();
    at.sandbox.faults.clear();
    expect(warnings).toContain('Only 0 of 100 leads were checked. check_campaign checks all.');
  });

  test('say how many leads cannot be compared', async () => {
    await at.peer.callTool('check_campaign', { campaignId: draft(at).id });
    const { people, lists } = at.sandbox.workspace;
    const [id] = lists.get(draft(at).listId!)!.members.keys();
    const person = people.get(id!)!;
    const { profileUrl, linkedinId } = person;
    Object.assign(person, { profileUrl: 'https://www.linkedin.com/sales/lead/ACwAAExample,NAME', linkedinId: '' });
    const { warnings } = await warningsOf();
    Object.assign(person, { profileUrl, linkedinId });
    expect(warnings).toContain(
      '1 lead cannot be compared with other campaigns and conversations: HeyReach shows no one under this kind of URL.',
    );
  });

  test('stop at the top, before the campaign, and do not prevent the start', async () => {
    const campaign = draft(at);
    const { payload } = campaign.sequence!.conditionalNode!;
    const { messages } = payload as { messages: string[] };
    messages[0] = 'Hi {FIRST_NAME}, TODO: pitch';
    const shown = await ask(at, 'start_campaign', { campaignId: campaign.id });
    const [, stop, line] = linesOf(shown);
    expect(stop).toMatch(/^Stop: The lead would read `TODO` \(step 2 MESSAGE at /);
    expect(line).toMatch(/^Campaign: /);
    const { sent } = await confirm(at, 'start_campaign', { campaignId: campaign.id }, shown);
    expect(sent).toEqual(['POST /campaign/StartCampaign']);
  });
});

describe('a start requires a new confirmation after this change:', () => {
  const at = useAsking();

  test.each([
    [
      'a sender was logged out',
      (now: Sandboxed) => {
        now.sandbox.workspace.accounts.get(SENDERS.oleg)!.authIsValid = false;
      },
      'Warning: Delivers nothing: "Олег Отправителев" (LinkedIn account 170412): login invalid (senders).',
    ],
    [
      'a sender was added',
      (now: Sandboxed) => {
        draft(now).accountIds.push(SENDERS.ines);
      },
      '- "Ines Sender" (LinkedIn account 170275)',
    ],
    [
      'people were added to its list',
      (now: Sandboxed) => {
        const list = now.sandbox.workspace.lists.get(draft(now).listId!)!;
        const known = [...now.sandbox.workspace.people.keys()];
        list.members.set(known.find((id) => !list.members.has(id))!, now.sandbox.now());
      },
      'Leads to contact: 101, of 101 leads in the list "Partners to be"',
    ],
    [
      'one of its people was replaced',
      (now: Sandboxed) => {
        const { members } = now.sandbox.workspace.lists.get(draft(now).listId!)!;
        const [first = ''] = members.keys();
        const other = [...now.sandbox.workspace.people.keys()].find((id) => !members.has(id))!;
        const rest = [...members].slice(1);
        members.clear();
        members.set(other, now.sandbox.now());
        for (const [id, at] of rest) members.set(id, at);
        expect(members.has(first)).toBe(false);
      },
      undefined,
    ],
    [
      'its sequence changed',
      (now: Sandboxed) => {
        draft(now).sequence!.actionDelay = 5;
      },
      undefined,
    ],
  ])('%s', async (_, change, line) => {
    const args = { campaignId: draft(at).id };
    const shown = await ask(at, 'start_campaign', args);
    change(at);
    const now = await expectChanged(at, 'start_campaign', args, shown);
    if (line !== undefined)
      expect(
        linesOf(now).some((text) => text.startsWith(line)),
        linesOf(now).join('\n'),
      ).toBe(true);
    draft(at).status = 'DRAFT';
  });
});

describe('does not ask about a call that HeyReach is known to reject:', () => {
  const at = useAsking();

  const rejectionOf = async (tool: string, campaignId: number) => {
    const before = at.sandbox.requests.length;
    const { structuredContent } = await at.peer.callTool(tool, { campaignId });
    expect(structuredContent).not.toHaveProperty('confirmation');
    expect(changesSince(at, before)).toEqual([]);
    return structuredContent?.error as { kind: string; outcome: string; message: string; nextStep: string };
  };

  test.each(['SCHEDULED', 'STARTING', 'IN_PROGRESS', 'PAUSED', 'FINISHED', 'FAILED', 'CANCELED'] as const)(
    'start_campaign on %s',
    async (status) => {
      const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns[status];
      const error = await rejectionOf('start_campaign', campaignId);
      expect(error).toMatchObject({ kind: 'bad_request', outcome: 'not_sent' });
      expect(error.message).toBe(`Campaign ${campaignId} is ${status}. HeyReach starts only a campaign that is DRAFT.`);
      const isResumable = ['PAUSED', 'FINISHED', 'FAILED'].includes(status);
      expect(error.nextStep.includes('resume_campaign'), error.nextStep).toBe(isResumable);
    },
  );

  test.each(['DRAFT', 'SCHEDULED', 'STARTING', 'IN_PROGRESS', 'CANCELED'] as const)(
    'resume_campaign on %s',
    async (status) => {
      const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns[status];
      const error = await rejectionOf('resume_campaign', campaignId);
      expect(error).toMatchObject({ kind: 'bad_request', outcome: 'not_sent' });
      expect(error.message).toBe(
        `Campaign ${campaignId} is ${status}. HeyReach resumes only a campaign that is PAUSED, FINISHED, FAILED.`,
      );
      expect(error.nextStep.includes('start_campaign'), error.nextStep).toBe(status === 'DRAFT');
    },
  );

  test('start_campaign without a sequence or a usable sender', async () => {
    const campaign = draft(at);
    const { sequence, accountIds } = campaign;
    campaign.sequence = null;
    expect((await rejectionOf('start_campaign', campaign.id)).message).toMatch(/has no sequence/);
    campaign.sequence = sequence;
    campaign.accountIds = [at.sandbox.workspace.fixtures.brokenAccount];
    expect((await rejectionOf('start_campaign', campaign.id)).message).toMatch(/no sender with a valid LinkedIn login/);
    campaign.accountIds = [];
    expect((await rejectionOf('start_campaign', campaign.id)).message).toMatch(/no sender with a valid LinkedIn login/);
    campaign.accountIds = accountIds;
  });

  test('reports a confirmed start of a campaign that started in the meantime', async () => {
    const campaign = draft(at);
    const args = { campaignId: campaign.id };
    const { confirmToken } = await ask(at, 'start_campaign', args);
    campaign.status = 'SCHEDULED';
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool('start_campaign', { ...args, confirmToken });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'bad_request', outcome: 'not_sent' });
    expect(changesSince(at, before)).toEqual([]);
    campaign.status = 'DRAFT';
  });
});

describe('resume_campaign', () => {
  const at = useAsking();

  test('shows the people to contact, and resumes the campaign once confirmed', async () => {
    const campaign = paused(at);
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'resume_campaign', args);
    expect(linesOf(shown)[0]).toBe(`Resume the campaign "${campaign.name}", so that it contacts people?`);
    expect(linesOf(shown)[1]).toBe(`Campaign: "${campaign.name}" (campaign ${campaign.id}), PAUSED`);
    // HeyReach returns a negative count here, so the number of leads is unknown.
    expect(linesOf(shown)[2]).toMatch(/^Leads to contact: unknown, of \d+ leads in the list "/);
    expect(shown.preview.leads).toBeNull();
    const { data, sent } = await confirm(at, 'resume_campaign', args, shown);
    expect(sent).toEqual(['POST /campaign/Resume']);
    expect(data).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('shows the number of leads in progress and pending', async () => {
    const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    at.sandbox.workspace.campaigns.get(campaignId)!.status = 'PAUSED';
    const result = await at.peer.callTool('get_campaign', { campaignId });
    const { totalUsersPending = 0, totalUsersInProgress = 0 } = (result.structuredContent as { progressStats: Counts })
      .progressStats;
    const moving = totalUsersPending + totalUsersInProgress;
    expect(moving).toBeGreaterThan(0);
    const shown = await ask(at, 'resume_campaign', { campaignId });
    expect(linesOf(shown)[2]).toMatch(new RegExp(`^Leads to contact: ${moving}, of `));
    expect(shown.preview.leads).toBe(moving);
  });

  test('says at its top that a campaign with an empty list will pause itself', async () => {
    const { emptyListCampaign } = at.sandbox.workspace.fixtures;
    const shown = await ask(at, 'resume_campaign', { campaignId: emptyListCampaign });
    const [, first] = linesOf(shown);
    expect(first).toBe(
      'Stop: Its list is empty: it will pause itself right after it begins (list). Add leads with add_leads_to_list.',
    );
    expect(shown.preview.stops).toEqual([first]);
  });

  test('does not accept a confirmation twice', async () => {
    const campaign = paused(at);
    campaign.status = 'PAUSED';
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'resume_campaign', args);
    await confirm(at, 'resume_campaign', args, shown);
    const again = await at.peer.callTool('resume_campaign', { ...args, confirmToken: shown.confirmToken });
    expect(again.structuredContent?.error).toMatchObject({ kind: 'confirmation_used' });
  });
});
