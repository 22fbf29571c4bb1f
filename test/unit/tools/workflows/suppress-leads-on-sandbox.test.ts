import { afterEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { rowsOf } from '../../../support/tools/tables.ts';

const DAY = 86_400_000;
const WRITES = /StopLeadInCampaign|AddTags|blacklist\/AddLeads/;
const table = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);

describe.each(['full', 'draft'])('suppress_leads on the sandbox in mode %s', (mode) => {
  const box = useSandbox({ seed: 1, rateLimit: false }, 'in-process', ['--mode', mode]);
  afterEach(() => box.sandbox.faults.clear());
  const call = (profileUrls: string[]) => box.peer.callTool('suppress_leads', { profileUrls });
  const requestsSince = (start: number) => box.sandbox.requests.slice(start).map(({ path }) => path);

  test('ends the contact with a person in six requests, and no message follows within thirty days', async () => {
    const { profileUrl } = box.sandbox.workspace.fixtures.unreadReply;
    const result = await call([profileUrl]);
    expect(box.sandbox.requests).toHaveLength(6);
    expect(result.structuredContent).toMatchObject({ given: 1, counts: { done: 1 }, clear: true });
    expect(table(result)).toEqual([
      {
        index: 0,
        person: 'ada-example-1a2b',
        outcome: 'done',
        stopped: [600113],
        alreadyThrough: [600061],
        blacklist: 'Matched',
        tag: 'added',
        lists: null,
        note: null,
      },
    ]);
    box.sandbox.advance(30 * DAY);
    const { reached } = box.sandbox;
    expect(reached.total).toBeGreaterThan(50);
    const slugs = [...reached.messages, ...reached.invitations, ...reached.inmails].map((item) => item.profileUrl);
    expect(slugs.filter((url) => url.includes('ada-example-1a2b'))).toEqual([]);
  });

  test('a repeated call stops no lead again, and returns the same', async () => {
    const { profileUrl } = box.sandbox.workspace.fixtures.unreadReply;
    const start = box.sandbox.requests.length;
    const again = await call([profileUrl]);
    expect(again.structuredContent).toMatchObject({ counts: { done: 1 }, clear: true });
    expect(table(again)[0]).toMatchObject({
      stopped: [],
      alreadyThrough: expect.arrayContaining([600061, 600113]),
      blacklist: 'Matched',
      tag: 'present',
    });
    expect(requestsSince(start).filter((path) => path.includes('StopLead'))).toEqual([]);
    expect(box.sandbox.workspace.blacklist.filter((entry) => entry.profileUrl === profileUrl)).toHaveLength(1);
  });

  test('names a list of a person that a draft uses, and does not change the list', async () => {
    const { workspace } = box.sandbox;
    const draft = workspace.campaigns.get(workspace.fixtures.draftReadyToStart)!;
    const list = workspace.lists.get(draft.listId!)!;
    const canceled = [...workspace.campaigns.values()].find(({ status }) => status === 'CANCELED')!;
    const [personId] = canceled.enrolments.keys();
    for (const campaign of workspace.campaigns.values()) {
      if (campaign !== canceled) campaign.enrolments.delete(personId!);
    }
    list.members.set(personId!, box.sandbox.now());
    const { profileUrl } = workspace.people.get(personId!)!;
    const result = await call([profileUrl]);
    expect(table(result)[0]).toMatchObject({ outcome: 'done', stopped: [], lists: [list.id] });
    expect(result.structuredContent).toMatchObject({
      clear: true,
      lists: { columns: ['listId', 'name', 'feeds'], rows: [[list.id, list.name, [draft.id]]] },
    });
    expect(workspace.lists.get(list.id)!.members.has(personId!)).toBe(true);
  });
});

describe('suppress_leads of a person whom HeyReach does not know', () => {
  const box = useSandbox({ seed: 1, rateLimit: false }, 'in-process');
  const profileUrls = ['unknown-example-0z0z'];
  const note = expect.stringContaining('HeyReach knows no person by this URL: check the URL');

  test.each([
    ['without a blacklist entry', { blacklist: false }, 'refused', 'unknown_person'],
    ['without a blacklist entry and a tag', { blacklist: false, addTag: false }, 'refused', null],
    ['with a blacklist entry that HeyReach accepted', {}, 'not_confirmed', 'unknown_person'],
  ])('is never reported as done: %s', async (_, args, outcome, tag) => {
    const result = await box.peer.callTool('suppress_leads', { profileUrls, ...args });
    expect(result.structuredContent).toMatchObject({ counts: { [outcome]: 1 }, clear: false });
    expect(table(result)[0]).toMatchObject({ outcome, tag, note });
    expect(result.structuredContent?.nextStep).toContain('check the URL and call again with the right one');
    expect(result.structuredContent).not.toHaveProperty('remaining');
  });
});

describe('suppress_leads of URLs that the sandbox does not know, and of leads that a stop makes Paused', () => {
  const box = useSandbox({ seed: 1, rateLimit: false, quirks: { stoppedLeadStatus: 'Paused' } }, 'in-process');
  const call = (profileUrl: string) =>
    box.peer.callTool('suppress_leads', { profileUrls: [profileUrl], blacklist: false });

  test.each(['sales/lead/ACwAAABcdefgh,NAME_SEARCH,abc', 'in/ACoAAABcdefgh'])('%s is not clear', async (path) => {
    const result = await call(`https://www.linkedin.com/${path}`);
    expect(table(result)[0]).toMatchObject({ outcome: 'refused', stopped: [] });
    expect(result.structuredContent?.clear).toBe(false);
  });

  test('a lead in sequence who becomes Paused is stopped', async () => {
    const result = await call(box.sandbox.workspace.fixtures.unreadReply.profileUrl);
    expect(table(result)[0]).toMatchObject({ outcome: 'done', stopped: [600113] });
  });
});

describe('suppress_leads in mode read-only', () => {
  const box = useSandbox({ seed: 1, rateLimit: false }, 'in-process', ['--mode', 'read-only']);

  test('is hidden, and a call sends nothing', async () => {
    expect((await box.peer.listTools()).map(({ name }) => name)).not.toContain('suppress_leads');
    const { profileUrl } = box.sandbox.workspace.fixtures.unreadReply;
    await expect(box.peer.callTool('suppress_leads', { profileUrls: [profileUrl] })).rejects.toThrow(
      /hidden by --mode read-only/,
    );
    expect(box.sandbox.requests.filter(({ path }) => WRITES.test(path))).toEqual([]);
  });
});
