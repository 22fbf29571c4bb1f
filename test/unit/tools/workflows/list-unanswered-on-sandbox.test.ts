import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { isShown, readAll, waitingIn } from '../../../support/heyreach/unanswered.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { onlyInFullRun } from '../../../support/runs/run-scope.ts';
import { rowsOf } from '../../../support/tools/tables.ts';

describe('list_unanswered on the default sandbox', () => {
  const at = useSandbox({ seed: 1, rateLimit: false, clock: 'manual' }, 'in-process');
  beforeEach(() => void at.sandbox.requests.splice(0));

  test('finds all people who wait, read or not, in few requests', async () => {
    const waiting = waitingIn(at.sandbox);
    expect(waiting.length).toBeGreaterThan(30);
    const result = await at.peer.callTool('list_unanswered', { lookBackDays: 365 });
    // Two pages, the campaigns, the blacklist, and one for each person whose tags name no campaign. The day decides how many.
    const { conversations, people } = at.sandbox.workspace;
    const personOf = (id: unknown) => people.get(conversations.get(String(id))!.personId)!;
    const untagged = rowsOf(result).filter(({ conversationId }) => personOf(conversationId).autoTags.length === 0);
    expect(at.sandbox.requests.length).toBeLessThanOrEqual(4 + untagged.length);
    expect(result.structuredContent).toMatchObject({ scanned: 150, waiting: waiting.length });
    const { ids, pages } = await readAll((args) => at.peer.callTool('list_unanswered', args), {
      lookBackDays: 365,
      limit: 25,
    });
    expect([...ids].sort()).toEqual(waiting.map(({ id }) => id).sort());
    const mixed = await readAll((args) => at.peer.callTool('list_unanswered', args), {
      lookBackDays: 365,
      include: ['closing'],
    });
    expect(mixed.ids).toEqual(waiting.map(({ id }) => id));
    const byId = new Map(waiting.map((conversation) => [conversation.id, conversation]));
    for (const row of pages.flatMap((page) => rowsOf(page))) {
      const conversation = byId.get(String(row.conversationId))!;
      expect(new Date(conversation.since).toISOString().startsWith(String(row.waitingSince))).toBe(true);
      expectBeginning(String(row.said), conversation.messages.at(-1)!.body);
      expect(row.inbound).toBe(conversation.inbound);
    }
  });

  test.each([{}, { lookBackDays: 365 }])('takes at most 2,600 tokens with %j', async (window) => {
    for (const limit of [17, 21, 25]) {
      const result = await at.peer.callTool('list_unanswered', { ...window, limit });
      expect(rowsOf(result)).toHaveLength(limit);
      expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
    }
  });

  test('shows complete texts and our own last message in short tables, and the length of a clipped text', async () => {
    const few = await at.peer.callTool('list_unanswered', { limit: 8, lookBackDays: 365 });
    for (const row of rowsOf(few)) {
      const { messages } = at.sandbox.workspace.conversations.get(String(row.conversationId))!;
      expect(row.said).toBe(oneLine(messages.at(-1)!.body));
      expectBeginning(String(row.weSaid), messages.findLast(({ sender }) => sender === 'ME')!.body);
    }
    const many = rowsOf(await at.peer.callTool('list_unanswered', { limit: 25, lookBackDays: 365 }));
    expect(many.filter(({ said }) => /\S…\(\d+\)$/.test(String(said))).length).toBeGreaterThan(15);
    for (const row of many) expect(row).not.toHaveProperty('weSaid');
  });

  test('names the conversation and the person in the form that the next tools accept', async () => {
    const [row] = rowsOf(await at.peer.callTool('list_unanswered', { limit: 25 }));
    const { conversationId, linkedInAccountId: accountId, profileUrl } = row!;
    const whole = await at.peer.callTool('get_conversation', { conversationId, accountId });
    expect(whole.structuredContent).toMatchObject({ messages: expect.any(Array) });
    const person = await at.peer.callTool('get_lead_overview', { profileUrl });
    expect(person.structuredContent).toMatchObject({ known: true, waitingForUs: true });
  });

  test('finds only conversations in the window', async () => {
    const { ids } = await readAll((args) => at.peer.callTool('list_unanswered', args), {});
    expect([...ids].sort()).toEqual(
      waitingIn(at.sandbox, 30)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

// The ids of conversations alone take 41 tokens per row.
const MOST_TOKENS = 2_600;
const tokensOf = ({ content }: ToolResult) => encode(content[0]!.text!).length;

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** A cell holds a text of the sandbox, or its beginning and its length. */
function expectBeginning(cell: string, text: string) {
  const whole = oneLine(text);
  if (cell === whole) return;
  const [, beginning = '', length] = /^(.*)…\((\d+)\)$/.exec(cell) ?? [];
  expect(Number(length)).toBe(whole.length);
  expect(beginning.length).toBeGreaterThan(10);
  expect(whole.startsWith(beginning)).toBe(true);
}

describe.each(onlyInFullRun(['large'] as const))('list_unanswered on the %s sandbox', (size) => {
  const at = useSandbox({ seed: 1, size }, 'in-process');

  test('reads each conversation once with a cursor for each sender', async () => {
    const { requests, workspace } = at.sandbox;
    requests.splice(0);
    const result = await at.peer.callTool('list_unanswered', { lookBackDays: 365 });
    expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
    const all = [...workspace.conversations.values()];
    const pages = [...workspace.accounts.keys()].map((id) =>
      Math.max(1, Math.ceil(all.filter(({ accountId }) => accountId === id).length / 100)),
    );
    const readsOf = (path: string) => requests.filter((request) => request.path.includes(path)).length;
    expect(readsOf('GetConversationsV3')).toBe(1 + pages.reduce((sum, count) => sum + count, 0));
    expect(readsOf('li_account/GetAll')).toBe(1);
    expect(readsOf('GetCampaignsForLead')).toBeLessThanOrEqual(25);
    const waiting = waitingIn(at.sandbox);
    const leftOut = waiting.filter((conversation) => !isShown(conversation)).length;
    expect(result.structuredContent).toMatchObject({ scanned: 5_000, waiting: waiting.length });
    const counted = result.structuredContent?.leftOut as { blocked: number; group: number };
    expect(counted.blocked + counted.group).toBe(leftOut);
  });
});
