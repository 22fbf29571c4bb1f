import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';
import { isFullRun } from '../../../support/runs/run-scope.ts';

describe.each(['default', 'large'] as const)('get_lead_overview on the %s sandbox', (size) => {
  const at = useSandbox({ seed: 1, size, clock: 'manual' }, 'in-process');
  beforeEach(() => void at.sandbox.requests.splice(0));
  afterEach(() => at.sandbox.faults.clear());

  test('agrees with the sandbox about people in conversations, in 6 requests and 900 tokens', async () => {
    const { workspace } = at.sandbox;
    const threads = [...workspace.conversations.values()].slice(0, 200);
    for (const { personId } of threads.filter((_, index) => index % (isFullRun && size === 'default' ? 5 : 20) === 0)) {
      at.sandbox.requests.splice(0);
      const { profileUrl: url, linkedinId, firstName, lastName } = workspace.people.get(personId)!;
      const result = await at.peer.callTool('get_lead_overview', { profileUrl: url });
      expect(at.sandbox.requests).toHaveLength(6);
      expect(encode(result.content[0]!.text!).length).toBeLessThanOrEqual(900);
      const campaigns = [...workspace.campaigns.values()].filter(({ enrolments }) => enrolments.has(linkedinId));
      const reaching = campaigns.filter(
        ({ status, enrolments }) =>
          status !== 'CANCELED' && ['Waiting', 'Pending', 'InSequence'].includes(enrolments.get(linkedinId)!.status),
      );
      const lists = [...workspace.lists.values()].filter(({ members }) => members.has(linkedinId));
      const own = [...workspace.conversations.values()].filter((conversation) => conversation.personId === linkedinId);
      const data = result.structuredContent as { canBeReachedBy: number[] } & Record<
        'campaigns' | 'lists' | 'conversations',
        { rows: (number | string)[][] }
      > &
        Record<string, unknown>;
      expect(data.profile).toMatchObject({ name: `${firstName} ${lastName}` });
      expect([...data.canBeReachedBy].sort()).toEqual(reaching.map(({ id }) => id).sort());
      expect(idsOf(data.campaigns)).toEqual(campaigns.map(({ id }) => id).sort());
      expect(idsOf(data.lists)).toEqual(lists.map(({ id }) => id).sort());
      expect(idsOf(data.conversations)).toEqual(own.map(({ id }) => id).sort());
      expect(data.waitingForUs).toBe(
        own.some(
          (conversation) =>
            conversation.messages.at(-1)?.sender === 'CORRESPONDENT' &&
            !conversation.blockedByMe &&
            !conversation.blockedByParticipant,
        ),
      );
    }
  });

  test('finds people on the blacklist, also with letters beyond ASCII in their slug', async () => {
    for (const { personId } of at.sandbox.workspace.blacklist.filter((entry) => entry.personId !== null)) {
      const { profileUrl: url } = at.sandbox.workspace.people.get(personId!)!;
      for (const spelling of [url, decodeURIComponent(url), `${url.toUpperCase()}/?x=1`]) {
        const result = await at.peer.callTool('get_lead_overview', { profileUrl: spelling });
        expect(result.structuredContent?.blacklist).toBe('Matched');
      }
    }
  });

  test('names a part that fails', async () => {
    const { profileUrl: url } = at.sandbox.workspace.fixtures.unreadReply;
    at.sandbox.faults.add({ match: { path: '/list/GetListsForLead' }, kind: 'status', status: 500, times: 9 });
    const result = await inFastTime(() => at.peer.callTool('get_lead_overview', { profileUrl: url }));
    expect(result.structuredContent).toMatchObject({ known: true, incomplete: [{ part: 'lists' }] });
    expect(result.structuredContent).not.toHaveProperty('lists');
  });
});

describe('get_lead_overview of a URL with a member id in place of a slug', () => {
  const box = useSandbox({ seed: 1, rateLimit: false }, 'in-process');

  test.each(['sales/lead/ACwAAABcdefgh,NAME_SEARCH,abc', 'in/ACoAAABcdefgh'])(
    'does not report %s, which HeyReach does not know, as a person in no campaign and on no blacklist',
    async (path) => {
      const args = { profileUrl: `https://www.linkedin.com/${path}` };
      const result = await box.peer.callTool('get_lead_overview', args);
      expect(result.structuredContent).toMatchObject({
        incomplete: [
          {
            part: 'campaigns, lists, blacklist, conversations',
            reason: 'HeyReach does not know this URL; it may know the person by their /in/ URL',
          },
        ],
      });
      for (const part of ['known', 'canBeReachedBy', 'campaigns', 'lists', 'blacklist', 'conversations', 'tags']) {
        expect(result.structuredContent).not.toHaveProperty(part);
      }
    },
  );
});

function idsOf(table: { rows: (number | string)[][] }): (number | string)[] {
  return table.rows.map(([id]) => id!).sort();
}
