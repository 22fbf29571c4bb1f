import { describe, expect, test } from 'vitest';
import { ask, confirm, expectChanged, linesOf, SENDERS, useAsking } from '../../kit/asking.ts';
import type { Sandboxed } from '../../kit/sandboxed.ts';

type Counts = { totalUsersPending?: number; totalUsersInProgress?: number };

const draft = ({ sandbox }: Sandboxed) =>
  sandbox.workspace.campaigns.get(sandbox.workspace.fixtures.draftReadyToStart)!;
const paused = ({ sandbox }: Sandboxed) => {
  const { fixtures, campaigns } = sandbox.workspace;
  return campaigns.get(fixtures.campaigns.PAUSED.find((id) => id !== fixtures.emptyListCampaign)!)!;
};

describe('start_campaign', () => {
  const at = useAsking();

  test('shows how many start moving, by whom, in which steps, and starts it when it is allowed', async () => {
    const campaign = draft(at);
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'start_campaign', args);
    const lines = linesOf(shown);
    expect(lines.slice(0, 4)).toEqual([
      'Start the campaign "Partners, second try", so that it contacts people?',
      'Status now: DRAFT',
      'Leads that start moving: 100, of 100 leads in the list "Partners to be"',
      'In its list:',
    ]);
    const people = lines.slice(4, 24);
    expect(new Set(people).size).toBe(20);
    for (const person of people) expect(person).toMatch(/^- .+ — https:\/\/www\.linkedin\.com\/in\/\S+$/);
    expect(lines.slice(24, 29)).toEqual([
      '- and 80 more',
      'Senders:',
      '- Tomás Remitente (LinkedIn account 170138)',
      '- Олег Отправителев (LinkedIn account 170412)',
      'Steps:',
    ]);
    // The texts whole, as people will read them.
    const invitation = draft(at).sequence!.payload as { messages: string[] };
    expect(lines[29]).toBe(`- CONNECTION_REQUEST: "${invitation.messages[0]}" or "Hello!"`);
    expect(lines[30]).toMatch(/^- if yes: MESSAGE after 4 hour: "Hi /);
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

describe('a start is refused when meanwhile', () => {
  const at = useAsking();

  test.each([
    [
      'a sender was logged out',
      (now: Sandboxed) => {
        now.sandbox.workspace.accounts.get(SENDERS.oleg)!.authIsValid = false;
      },
      'Warning: The login of Олег Отправителев (LinkedIn account 170412) is invalid: it delivers nothing.',
    ],
    [
      'a sender came along',
      (now: Sandboxed) => {
        draft(now).accountIds.push(SENDERS.ines);
      },
      '- Ines Sender (LinkedIn account 170275)',
    ],
    [
      'people came into its list',
      (now: Sandboxed) => {
        const list = now.sandbox.workspace.lists.get(draft(now).listId!)!;
        const known = [...now.sandbox.workspace.people.keys()];
        list.members.set(known.find((id) => !list.members.has(id))!, now.sandbox.now());
      },
      'Leads that start moving: 101, of 101 leads in the list "Partners to be"',
    ],
    [
      'one of its people is another',
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
      'its sequence is another',
      (now: Sandboxed) => {
        draft(now).sequence!.actionDelay = 5;
      },
      undefined,
    ],
    [
      'its name stayed and its status did not',
      (now: Sandboxed) => {
        draft(now).status = 'SCHEDULED';
      },
      'Status now: SCHEDULED',
    ],
  ])('%s', async (_, change, line) => {
    const args = { campaignId: draft(at).id };
    const shown = await ask(at, 'start_campaign', args);
    change(at);
    const now = await expectChanged(at, 'start_campaign', args, shown);
    if (line !== undefined)
      expect(
        linesOf(now).some((one) => one.startsWith(line)),
        linesOf(now).join('\n'),
      ).toBe(true);
    draft(at).status = 'DRAFT';
  });
});

describe('resume_campaign', () => {
  const at = useAsking();

  test('shows who is yet to be contacted, and resumes it when it is allowed', async () => {
    const campaign = paused(at);
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'resume_campaign', args);
    expect(linesOf(shown)[0]).toBe(`Resume the campaign "${campaign.name}", so that it contacts people?`);
    expect(linesOf(shown)[1]).toBe('Status now: PAUSED');
    // HeyReach counts less than none in progress here: what is not known is not made up.
    expect(linesOf(shown)[2]).toMatch(/^Leads that start moving: unknown, of \d+ leads in the list "/);
    expect(shown.preview.leads).toBeNull();
    const { data, sent } = await confirm(at, 'resume_campaign', args, shown);
    expect(sent).toEqual(['POST /campaign/Resume']);
    expect(data).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('tells how many are in the middle or yet to begin', async () => {
    const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    at.sandbox.workspace.campaigns.get(campaignId)!.status = 'PAUSED';
    const found = await at.peer.callTool('get_campaign', { campaignId });
    const { totalUsersPending = 0, totalUsersInProgress = 0 } = (found.structuredContent as { progressStats: Counts })
      .progressStats;
    const moving = totalUsersPending + totalUsersInProgress;
    expect(moving).toBeGreaterThan(0);
    const shown = await ask(at, 'resume_campaign', { campaignId });
    expect(linesOf(shown)[2]).toMatch(new RegExp(`^Leads that start moving: ${moving}, of `));
    expect(shown.preview.leads).toBe(moving);
  });

  test('warns of an empty list, and that it will pause itself', async () => {
    const { emptyListCampaign } = at.sandbox.workspace.fixtures;
    const shown = await ask(at, 'resume_campaign', { campaignId: emptyListCampaign });
    expect(shown.preview.warnings).toContain('Its list is empty: it will pause itself right after the resume.');
  });

  test('warns of a status that HeyReach does not resume', async () => {
    const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns.IN_PROGRESS.slice(1);
    const shown = await ask(at, 'resume_campaign', { campaignId });
    expect(shown.preview.warnings?.[0]).toBe(
      'HeyReach lets a campaign resume that is PAUSED, FINISHED, FAILED; this one is IN_PROGRESS, and will probably be refused.',
    );
  });

  test('is not made twice with one yes', async () => {
    const campaign = paused(at);
    campaign.status = 'PAUSED';
    const args = { campaignId: campaign.id };
    const shown = await ask(at, 'resume_campaign', args);
    await confirm(at, 'resume_campaign', args, shown);
    const again = await at.peer.callTool('resume_campaign', { ...args, confirmToken: shown.confirmToken });
    expect(again.structuredContent?.error).toMatchObject({ kind: 'confirmation_used' });
  });
});
