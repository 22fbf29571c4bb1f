import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { HeyReachClient } from '../../../../src/client/index.ts';
import type { ElicitAction, ElicitationMode } from '../../../../src/mcp/confirmation/types.ts';
import type { Progress } from '../../../../src/mcp/request-context.ts';
import { runTool } from '../../../../src/mcp/run-tool.ts';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { defineTool, type Tool } from '../../../../src/mcp/tool.ts';
import { files } from '../../../support/tools/caller-files.ts';
import { hiddenJobs } from '../../../support/tools/jobs.ts';
import { openSafety } from '../../../support/tools/safety.ts';

const MINUTE = 60_000;
const TOOL_MS = 54_000;
const client = {
  fingerprint: 'made up',
  hideKey: (text: string) => text,
  isSandbox: () => false,
} as HeyReachClient;
const log = { debug() {}, info() {}, warn() {}, error() {} };

let left = 0;
let runs = 0;
let boundState: unknown = 'as shown';
const tool = defineTool({
  name: 'made_up',
  title: 'Made up',
  description: 'Made up.',
  toolset: 'campaigns',
  risk: 'outreach',
  retry: 'never',
  confirmation: 'always',
  input: () => ({}),
  output: () => z.looseObject({ done: z.boolean() }),
  preview: async () => ({
    question: 'Do it?',
    lines: ['A line'],
    warnings: ['A warning'],
    facts: {},
    boundState: boundState,
  }),
  async run(_input, { call }) {
    runs += 1;
    left = call.deadline! - Date.now();
    return { data: { done: true } };
  },
});

async function callWith(
  asking: ElicitationMode,
  { calledTool = tool, told = [] as Progress[] }: { calledTool?: Tool; told?: Progress[] } = {},
) {
  const safety = { ...openSafety('ask'), askMs: 5 * MINUTE };
  const caller = {
    client,
    organization: undefined,
    source: 'live' as const,
    log,
    safety,
    jobs: hiddenJobs,
    files,
    changes: new ChangeEvents(),
    toolMs: TOOL_MS,
  };
  const notify = async (progress: Progress) => void told.push(progress);
  const running = runTool(
    calledTool,
    { arguments: {}, signal: new AbortController().signal, notify, elicitation: asking },
    caller,
  );
  await vi.advanceTimersByTimeAsync(5 * MINUTE + 1_000);
  return running;
}

beforeEach(() => {
  vi.useFakeTimers();
  runs = 0;
  boundState = 'as shown';
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a confirmation during the call', () => {
  const replying = (ms: number, reply: ElicitAction): ElicitationMode => ({
    channel: 'elicit',
    ask: () => new Promise((resolve) => setTimeout(() => resolve(reply), ms)),
  });

  test('shows the question, lines and warnings, and waits five minutes', async () => {
    const asked: unknown[] = [];
    await callWith({
      channel: 'elicit',
      async ask(message, { timeoutMs }) {
        asked.push(message, timeoutMs);
        return 'accept';
      },
    });
    expect(asked).toEqual(['Do it?\n\nA line\n\nWarning: A warning', 5 * MINUTE]);
    expect(runs).toBe(1);
  });

  test('may take longer than the time limit of the call, whose clock stops meanwhile', async () => {
    const told: Progress[] = [];
    await callWith(replying(4 * MINUTE, 'accept'), { told });
    expect(left).toBe(TOOL_MS);
    // Every 15 s, increasing, and below 1, where the progress of the call itself begins.
    expect(told).toHaveLength(15);
    expect(told.every(({ progress }, index) => progress < 1 && progress > (told[index - 1]?.progress ?? 0))).toBe(true);
  });

  test.each([
    ['decline', 'declined'],
    ['cancel', 'dismissed'],
    ['unchosen', 'declined'],
    ['silent', 'no_answer'],
  ] as const)('with the answer %s runs nothing and is not an error', async (reply, reason) => {
    const result = await callWith(replying(1_000, reply));
    expect(result).toMatchObject({
      structuredContent: {
        declined: true,
        reason,
        message: expect.stringMatching(/^The client .*nothing was done\./),
        nextStep: expect.stringContaining('--confirm token'),
      },
    });
    expect(runs).toBe(0);
  });

  test('runs nothing when the client cannot show the form, and returns the preview with a token', async () => {
    expect(await callWith(replying(1_000, 'failed'))).toMatchObject({
      structuredContent: {
        confirmation: { required: true, preview: { text: expect.any(String) }, confirmToken: expect.any(String) },
        nextStep: expect.stringContaining('The client could not show a confirmation form.'),
      },
    });
    expect(runs).toBe(0);
  });

  test('rejects a yes to an outdated preview', async () => {
    const result = await callWith({
      channel: 'elicit',
      async ask() {
        boundState = 'another';
        return 'accept';
      },
    });
    expect(result).toMatchObject({
      isError: true,
      structuredContent: {
        error: { kind: 'confirmation_changed', outcome: 'not_sent' },
        confirmation: { required: true },
      },
    });
    expect(runs).toBe(0);
  });
});

describe('a confirmation by a result of the call', () => {
  test('returns the question, and a state that confirms the same call once', async () => {
    const safety = openSafety('ask');
    const caller = {
      client,
      organization: undefined,
      source: 'live' as const,
      log,
      safety,
      jobs: hiddenJobs,
      files,
      changes: new ChangeEvents(),
      toolMs: TOOL_MS,
    };
    const call = (asking: ElicitationMode) =>
      runTool(tool, { arguments: {}, signal: new AbortController().signal, elicitation: asking }, caller);
    const question = (await call({ channel: 'input_required', state: undefined, reply: undefined })) as {
      state: string;
    };
    expect(question).toMatchObject({ question: expect.stringContaining('Do it?'), state: expect.any(String) });
    const { state } = question;
    // A state without a reply proves nothing, so the call asks again.
    expect(await call({ channel: 'input_required', state, reply: undefined })).toHaveProperty('question');
    expect(await call({ channel: 'input_required', state, reply: 'decline' })).toMatchObject({
      structuredContent: { declined: true },
    });
    expect(await call({ channel: 'input_required', state, reply: 'unchosen' })).toMatchObject({
      structuredContent: { declined: true, message: expect.stringContaining('without the choice "Made"') },
    });
    expect(runs).toBe(0);
    await call({ channel: 'input_required', state, reply: 'accept' });
    expect(runs).toBe(1);
    expect(await call({ channel: 'input_required', state, reply: 'accept' })).toMatchObject({
      structuredContent: { error: { kind: 'confirmation_used' } },
    });
    expect(runs).toBe(1);
  });

  test('runs nothing for a reply without a state of this server', async () => {
    for (const reply of ['accept', 'decline', 'unchosen'] as const) {
      const result = await callWith({ channel: 'input_required', state: '{"made":"up"}', reply });
      expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'confirmation_forged' } } });
    }
    expect(await callWith({ channel: 'input_required', state: undefined, reply: 'accept' })).toHaveProperty('question');
    expect(runs).toBe(0);
  });
});

test('a tool that asks for confirmation without a preview does not run', async () => {
  const mute = { ...tool, preview: async () => undefined } as unknown as Tool;
  const result = await callWith({ channel: 'token' }, { calledTool: mute });
  expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'internal' } } });
  expect(runs).toBe(0);
});
