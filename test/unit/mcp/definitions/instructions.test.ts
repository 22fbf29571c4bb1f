import { describe, expect, test } from 'vitest';
import { cachedInstructions, writeInstructions } from '../../../../src/mcp/definitions/instructions.ts';
import { MODES } from '../../../../src/mcp/modes.ts';
import { TOOLSETS, type Tool } from '../../../../src/mcp/tool.ts';
import { type Selection, selectTools, tools } from '../../../../src/tools/registry.ts';
import { type Page, sandbox } from '../../sandbox/support.ts';

describe('the criterion for people who wait for a reply', () => {
  test.each(MODES)('is the last author, in mode %s', (mode) => {
    const single = tools.filter(({ toolset }) => toolset !== 'workflows');
    const text = writeInstructions({ source: 'live', mode, confirm: 'ask' }, single);
    expect(text).toContain('list_conversations, the rows with lastMessageSender CORRESPONDENT');
    expect(text).not.toMatch(/seen[ =]+(true|false)|unread/i);
  });

  test('finds everyone in the sandbox, unlike the read state', async () => {
    const api = await sandbox();
    const rowsOf = async (filters: object, offset: number) =>
      (
        await api.post<Page<{ id: string; lastMessageSender: string }>>('/inbox/GetConversationsV2', {
          filters,
          offset,
          limit: 100,
        })
      ).body.items;
    const waiting = (rows: { id: string; lastMessageSender: string }[]) =>
      rows.filter(({ lastMessageSender }) => lastMessageSender === 'CORRESPONDENT').map(({ id }) => id);
    const waitingIds = waiting([...(await rowsOf({}, 0)), ...(await rowsOf({}, 100))]);
    const unanswered = [...api.workspace.conversations.values()]
      .filter(({ messages }) => messages.at(-1)?.sender === 'CORRESPONDENT')
      .map(({ id }) => id);
    expect(waitingIds.sort()).toEqual(unanswered.sort());
    expect(waiting(await rowsOf({ seen: false }, 0)).length).toBeLessThan(unanswered.length);
  });
});

/** The workflow tool that each task starts with. */
const FIRST_TOOLS = {
  'inbox triage': 'list_unanswered',
  'performance report': 'get_performance',
  'before a campaign starts': 'check_campaign',
  'sender health': 'get_sender_capacity',
  'one person': 'get_lead_overview',
  'opt-out': 'suppress_leads',
};

describe('the starting points', () => {
  const startingPointsOf = (shown: readonly Tool[]) => {
    const text = writeInstructions({ source: 'live', mode: 'full', confirm: 'ask' }, shown);
    const [, line = ''] = /^Where to start: (.*)\.$/m.exec(text) ?? [];
    return Object.fromEntries(line.split('; ').map((point) => point.split(': ') as [string, string]));
  };

  test('name the workflow tool of each task', () => {
    // Instructions read only the names of tools.
    const all = [...tools, ...Object.values(FIRST_TOOLS).map((name) => ({ name, confirmation: 'never' }) as Tool)];
    expect(startingPointsOf(all)).toEqual({ ...FIRST_TOOLS, campaigns: 'list_campaigns' });
  });

  test('name a workflow tool in every configuration that has it, and no tool that is hidden', () => {
    const names = tools.map(({ name }) => name);
    for (const selection of SELECTIONS) {
      const shown = selectTools({ mode: 'full', exclude: [], hasOrganizationKey: false, ...selection });
      const points = startingPointsOf(shown);
      const has = (name: string) => shown.some((tool) => tool.name === name);
      for (const [task, first] of Object.entries(FIRST_TOOLS)) {
        if (has(first)) expect(points[task], `${task} with ${JSON.stringify(selection)}`).toBe(first);
      }
      const text = Object.values(points).join(' ');
      expect(names.filter((name) => new RegExp(`\\b${name}\\b`).test(text) && !has(name))).toEqual([]);
    }
  });
});

const SELECTIONS = [
  { toolsets: ['essentials'] },
  { toolsets: ['workflows'] },
  ...MODES.map((mode) => ({ toolsets: TOOLSETS, mode })),
  ...TOOLSETS.map((left) => ({ toolsets: TOOLSETS.filter((name) => name !== left) })),
  ...tools.map(({ name }) => ({ toolsets: TOOLSETS, exclude: [name] })),
] satisfies Partial<Selection>[];

test('the instructions name the current workspaces, also after a reload of their file', () => {
  let names: readonly string[] = ['alpha', 'beta'];
  const workspaces = { names: () => names, byDefault: () => names[0], isChoice: () => true, clientOf: () => undefined };
  const instructions = cachedInstructions({ source: 'live', mode: 'full', confirm: 'ask', workspaces }, tools);
  expect(instructions()).toContain('Workspaces: alpha, beta.');
  names = ['alpha', 'gamma'];
  expect(instructions()).toContain('Workspaces: alpha, gamma.');
});
