import { describe, expect, test } from 'vitest';
import { Completer } from '../../../src/completion/completer.ts';
import { MODES } from '../../../src/mcp/modes.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import { TOOLSETS } from '../../../src/mcp/tool.ts';
import { textsOf } from '../../../src/prompts/handlers.ts';
import { PromptRegistry, prompts } from '../../../src/prompts/prompt-registry.ts';
import type { Prompt, PromptArguments } from '../../../src/prompts/types.ts';
import { selectTools, tools } from '../../../src/tools/registry.ts';

const NAMES = tools.map(({ name }) => name);
const ARGUMENTS: Record<string, string> = {
  campaignId: '600001',
  accountId: '170001',
  conversationId: '2-bWFkZSB1cA+/==',
  intent: 'propose a call',
  endDate: '2026-06-07',
};

const instructionsOf = (prompt: Prompt, args: PromptArguments, hasTool: (name: string) => boolean) =>
  textsOf(prompt.write(args), hasTool).join('\n\n');
const requiredOf = ({ arguments: args }: Prompt): PromptArguments =>
  Object.fromEntries(args.filter(({ isRequired }) => isRequired).map(({ name }) => [name, ARGUMENTS[name]!]));
const allOf = ({ arguments: args }: Prompt): PromptArguments =>
  Object.fromEntries(args.map(({ name }) => [name, ARGUMENTS[name]!]));
const namedIn = (text: string) => NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(text));

/** The calls of a prompt. Every conversation is with the person `ada`. */
async function callsOf(prompt: Prompt, args: PromptArguments) {
  const calls: object[] = [];
  await prompt.callTools(args, async ({ name }, input) => {
    calls.push({ tool: name, ...input });
    return { tool: name, arguments: input, structure: { profileUrl: 'ada' }, text: '{}', error: undefined };
  });
  return calls as { tool: string }[];
}

/** Every reduced selection of tools: each mode, each toolset alone, and each tool excluded, in every mode. */
const selections = MODES.flatMap((mode) => {
  const all = { mode, toolsets: TOOLSETS, exclude: [] as string[], hasOrganizationKey: true };
  return [
    { title: mode, selection: all },
    ...TOOLSETS.map((toolset) => ({ title: `${mode}, ${toolset} alone`, selection: { ...all, toolsets: [toolset] } })),
    ...NAMES.map((name) => ({ title: `${mode} without ${name}`, selection: { ...all, exclude: [name] } })),
  ];
});

describe('a disabled tool', () => {
  test.each(selections)('is not named by any prompt: $title', ({ selection }) => {
    const shown = new Set(selectTools(selection).map(({ name }) => name));
    const hasTool = (name: string) => shown.has(name);
    const registry = new PromptRegistry(hasTool);
    for (const { name } of registry.definitions) {
      const prompt = registry.get(name)!;
      for (const args of [requiredOf(prompt), allOf(prompt)]) {
        const text = instructionsOf(prompt, args, hasTool);
        expect(namedIn(`${text}\n${prompt.title}\n${prompt.description}`).filter((named) => !shown.has(named))).toEqual(
          [],
        );
      }
    }
    expect(namedIn(JSON.stringify(registry.definitions))).toEqual([]);
  });

  test('hides the prompts that require it', () => {
    for (const prompt of prompts) {
      for (const needed of prompt.requiredTools) {
        const registry = new PromptRegistry((name) => name !== needed);
        expect(registry.get(prompt.name)).toBeUndefined();
        expect(registry.definitions.map(({ name }) => name)).not.toContain(prompt.name);
      }
    }
  });

  test('the preset essentials has all prompts', () => {
    const toolsets = ['essentials' as const];
    const shown = selectTools({ mode: 'full', toolsets, exclude: [], hasOrganizationKey: false });
    const registry = new PromptRegistry((name) => shown.some((tool) => tool.name === name));
    expect(registry.definitions).toHaveLength(prompts.length);
  });

  test('without any tool there are no prompts', () => {
    expect(new PromptRegistry(() => false).definitions).toEqual([]);
  });

  test('a read-only server lists all prompts, and leaves sending and starting to the user', () => {
    const shown = new Set(
      selectTools({ mode: 'read-only', toolsets: TOOLSETS, exclude: [], hasOrganizationKey: false }).map(
        ({ name }) => name,
      ),
    );
    const hasTool = (name: string) => shown.has(name);
    const registry = new PromptRegistry(hasTool);
    expect(registry.definitions.map(({ name }) => name)).toEqual(prompts.map(({ name }) => name));
    const textOf = (name: string) => instructionsOf(registry.get(name)!, ARGUMENTS, hasTool);
    expect(textOf('reply_to_lead')).toContain('Show the draft. The user sends it.');
    expect(textOf('triage_inbox')).toContain('draft one and show it. The user sends it.');
    expect(textOf('triage_inbox')).not.toMatch(/stop_lead_in_campaign|set_conversation_seen/);
    expect(textOf('launch_checklist')).toMatch(/end by asking whether the campaign is to start\. .*not from here\.$/);
  });
});

describe.each(prompts.map((prompt) => ({ prompt, name: prompt.name })))('$name', ({ prompt }) => {
  test('each step declares exactly the tools that its text names', () => {
    for (const args of [requiredOf(prompt), allOf(prompt)]) {
      for (const { text, requiresTools = [] } of prompt.write(args))
        expect(namedIn(text).sort()).toEqual([...requiresTools].sort());
    }
    for (const name of prompt.requiredTools) expect(NAMES).toContain(name);
    for (const { onlyWithoutTool } of prompt.write(allOf(prompt)))
      if (onlyWithoutTool !== undefined) expect(NAMES).toContain(onlyWithoutTool);
  });

  test('has a few plain lines', () => {
    const text = instructionsOf(prompt, allOf(prompt), () => true);
    expect(text.split('\n\n').length).toBeLessThanOrEqual(14);
    expect(Buffer.byteLength(text)).toBeLessThan(3_000);
    // Upper case is only for HeyReach's own values.
    const shouted = (text.match(/\b[A-Z]{3,}\b/g) ?? []).filter(
      (word) => !/^(DRAFT|PAUSED|FINISHED|FAILED|CORRESPONDENT|URL)$/.test(word),
    );
    expect(shouted).toEqual([]);
    expect(text).not.toMatch(/\b(must|never|always|important|ignore)\b/i);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('calls only read tools that it requires', async () => {
    for (const args of [requiredOf(prompt), allOf(prompt)]) {
      const calls = await callsOf(prompt, args);
      for (const { tool } of calls) expect(tools.find(({ name }) => name === tool)?.risk).toBe('read');
      expect([...new Set(calls.map(({ tool }) => tool))].sort()).toEqual([...prompt.requiredTools].sort());
    }
  });

  test('every argument can be completed', () => {
    const completer = new Completer(new ChangeEvents());
    for (const { name, suggest, accepts, description } of prompt.arguments) {
      expect(description).not.toBe('');
      if (suggest === undefined) expect(completer.canComplete(name)).toBe(true);
      else {
        expect(suggest().length).toBeGreaterThan(1);
        expect(suggest().every((value) => accepts!(value))).toBe(true);
      }
    }
  });
});

test('launch_checklist ends with a question before the start', () => {
  const launch = prompts.find(({ name }) => name === 'launch_checklist')!;
  const text = instructionsOf(launch, ARGUMENTS, () => true);
  expect(text).toMatch(
    /end by asking whether the campaign is to start\. Call start_campaign only after the user has confirmed that\.$/,
  );
});

test('the arguments of a prompt narrow its calls', async () => {
  const callsFor = (name: string, args: PromptArguments) =>
    callsOf(prompts.find((prompt) => prompt.name === name)!, args);
  const linkedInAccountIds = [170001];
  expect(await callsFor('triage_inbox', {})).toEqual([{ tool: 'list_unanswered', limit: 15 }]);
  expect(await callsFor('triage_inbox', { accountId: '170001' })).toEqual([
    { tool: 'list_unanswered', linkedInAccountIds, limit: 15 },
  ]);
  expect(await callsFor('weekly_report', {})).toEqual([
    { tool: 'get_performance', by: 'campaign', period: 'last_week' },
    { tool: 'get_performance', by: 'sender', period: 'last_week' },
  ]);
  const week = { startDate: '2026-02-23', endDate: '2026-03-01', campaignIds: [600061] };
  expect(await callsFor('weekly_report', { endDate: '2026-03-01', campaignId: '600061' })).toEqual([
    { tool: 'get_performance', by: 'campaign', ...week },
    { tool: 'get_performance', by: 'sender', ...week },
  ]);
  expect(await callsFor('campaign_review', { campaignId: '600061' })).toEqual([
    { tool: 'get_performance', campaignIds: [600061], period: 'last_30_days' },
    { tool: 'check_campaign', campaignId: 600061 },
  ]);
  expect(await callsFor('launch_checklist', { campaignId: '600061' })).toEqual([
    { tool: 'check_campaign', campaignId: 600061 },
  ]);
  expect(await callsFor('reply_to_lead', { accountId: '170001', conversationId: '2-ada' })).toEqual([
    { tool: 'get_conversation', accountId: 170001, conversationId: '2-ada', messages: 6 },
    { tool: 'get_lead_overview', profileUrl: 'ada', messages: 0 },
  ]);
});

test('weekly_report accepts only days up to today, and suggests Sundays', () => {
  const weekly = prompts.find(({ name }) => name === 'weekly_report')!;
  const { suggest, accepts } = weekly.arguments.find(({ name }) => name === 'endDate')!;
  for (const sunday of suggest!().slice(0, -1)) expect(new Date(sunday).getUTCDay()).toBe(0);
  for (const no of ['2026-02-30', 'yesterday', '2026-3-1', '2026-03-01T00:00:00Z']) expect(accepts!(no)).toBe(false);
  expect(accepts!(new Date().toISOString().slice(0, 10))).toBe(true);
  expect(accepts!(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))).toBe(false);
});

test('weekly_report for one campaign asks for its waiting people', () => {
  const weekly = prompts.find(({ name }) => name === 'weekly_report')!;
  const textOf = (args: PromptArguments) => instructionsOf(weekly, args, () => true);
  expect(textOf({ campaignId: '600001' })).toContain('with list_unanswered (limit 3, campaignIds [600001])');
  expect(textOf({ campaignId: '600001' })).toContain('for campaign 600001 only');
  expect(textOf({})).toContain('with list_unanswered (limit 3).');
});

test('the intent may name a disabled tool', () => {
  const reply = prompts.find(({ name }) => name === 'reply_to_lead')!;
  const text = instructionsOf(reply, { ...requiredOf(reply), intent: 'say that start_campaign is off' }, (name) =>
    ['get_conversation', 'get_lead_overview'].includes(name),
  );
  expect(text).toContain('Its purpose: say that start_campaign is off');
});
