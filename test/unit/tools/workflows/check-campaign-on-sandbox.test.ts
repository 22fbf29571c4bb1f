import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { checksOf, findingsOf, statesOf } from '../../../support/tools/shown-checks.ts';

const end = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };

describe('check_campaign on the default sandbox', () => {
  const at = useSandbox({ seed: 1 }, 'in-process');
  beforeEach(() => void at.sandbox.requests.splice(0));
  afterEach(() => at.sandbox.faults.clear());
  const call = (args: Record<string, unknown>) => at.peer.callTool('check_campaign', args);
  const requestsOf = (path: string) => at.sandbox.requests.filter((request) => request.path.includes(path)).length;

  test('checks a draft: missing values of leads, people in another campaign, working days', async () => {
    const result = await call({ campaignId: 600229 });
    expect(result.structuredContent).toMatchObject({ summary: { stop: 0, warn: 2, unknown: 1, ok: 4 } });
    expect(statesOf(result)).toEqual({
      status: 'ok',
      sequence: 'warn',
      list: 'ok',
      overlap: 'warn',
      senders: 'ok',
      capacity: 'ok',
      schedule: 'unknown',
    });
    expect(findingsOf(result)).toMatchObject([
      { severity: 'warn', at: expect.stringContaining('step 2 MESSAGE'), leads: '6/100' },
      { severity: 'warn', at: 'overlap', problem: expect.stringContaining('nothing excludes them'), leads: '2/100' },
    ]);
    expect(findingsOf(result)[0]!.problem).toContain('COMPANY');
    expect(checksOf(result)).toMatchObject({
      list: { size: 100, read: 100, duplicates: 0, nameless: 0 },
      overlap: { inOtherCampaigns: 2, waitingElsewhere: 98, inRunning: 0, exclusions: [] },
      senders: { senders: 2, working: 2 },
      capacity: { leads: 100, perDay: 20 + 15, days: 3 },
    });
    expectEnrolled(at.sandbox, result);
    expect(encode(result.content[0]!.text!).length).toBeLessThanOrEqual(1_500);
    expect(result.structuredContent?.renders).toHaveLength(3);
  });

  test('a second check makes no requests for the overlap', async () => {
    await call({ campaignId: 600229 });
    at.sandbox.requests.splice(0);
    const result = await call({ campaignId: 600229 });
    expect(checksOf(result).overlap).toMatchObject({ inOtherCampaigns: 2 });
    expect(at.sandbox.requests).toHaveLength(3 + 1 + 1);
    expect(requestsOf('GetLeadsFromList')).toBe(1);
  });

  test('reports stop for a draft without a sequence', async () => {
    const result = await call({ campaignId: 600290 });
    expect(findingsOf(result)).toMatchObject([
      { severity: 'stop', at: 'sequence', fix: expect.stringContaining('update_campaign_sequence') },
      { severity: 'stop', at: 'list' },
    ]);
    expect(statesOf(result)).toMatchObject({ sequence: 'stop', list: 'stop' });
    expect(at.sandbox.requests).toHaveLength(3);
  });

  test('reports the five mistakes of a careless draft', async () => {
    const messages = ['Hi {nope} and {COMPANYY}', 'Hello {{firstName}}, [insert pitch]'];
    const sequence = {
      nodeType: 'CHECK_IS_CONNECTION',
      conditionalNode: {
        nodeType: 'MESSAGE',
        payload: { messages, fallbackMessage: 'Hi {FIRST_NAME}' },
        unconditionalNode: { ...end, actionDelay: 1, actionDelayUnit: 'DAY' },
      },
      unconditionalNode: end,
    };
    const result = await call({ campaignId: 600229, sequence, render: 0 });
    const lines = findingsOf(result).filter(({ at }) => String(at).includes('MESSAGE'));
    expect(lines).toHaveLength(5);
    for (const place of ['{nope}', '{COMPANYY}', '[insert pitch]', '{{firstName}}', '{FIRST_NAME}']) {
      expect(lines.filter(({ problem }) => String(problem).includes(place)).length, place).toBeGreaterThan(0);
    }
  });

  test('says which people continue after a resume, and that an empty list prevents it', async () => {
    const { emptyListCampaign } = at.sandbox.workspace.fixtures;
    const result = await call({ campaignId: emptyListCampaign });
    expect(checksOf(result)).toMatchObject({
      status: { state: 'warn', status: 'PAUSED', goOn: { pending: 0, inProgress: 0 }, next: 'resume_campaign' },
      list: { state: 'stop', size: 0 },
    });
    expect(checksOf(result)).not.toHaveProperty('overlap');
  });

  test('fits three renders of four steps into 1,500 tokens', async () => {
    const text = 'Hi {FIRST_NAME}, a word about {COMPANY}: our customers plan their week in an hour. '.repeat(4);
    const sequence = longSequence(text);
    const result = await call({ campaignId: 600229, sequence });
    expect(result.structuredContent?.renders).toHaveLength(3);
    expect(encode(result.content[0]!.text!).length).toBeLessThanOrEqual(1_500);
  });
});

/** A chain of four messages. */
function longSequence(text: string): object {
  const after = (next: object, number: number) => ({
    nodeType: 'MESSAGE',
    actionDelay: 2,
    actionDelayUnit: 'DAY',
    payload: { messages: [`${text} Question ${number}?`], fallbackMessage: 'Hello, may I ask you a question?' },
    unconditionalNode: next,
  });
  const messages = [4, 3, 2, 1].reduce<object>((next, number) => after(next, number), end);
  return { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: messages, unconditionalNode: end };
}

/** Compares the overlap with the enrolments of the sandbox. A waiting lead is in the campaign, but not inserted yet. */
function expectEnrolled({ workspace }: ReturnType<typeof useSandbox>['sandbox'], result: ToolResult): void {
  const { campaignId } = result.structuredContent!.campaign as { campaignId: number };
  const campaign = workspace.campaigns.get(campaignId)!;
  const members = [...workspace.lists.get(campaign.listId!)!.members.keys()];
  const others = [...workspace.campaigns.values()].filter((other) => other !== campaign);
  const enrolled = members.filter((member) =>
    others.some(({ enrolments }) => !['Waiting', undefined].includes(enrolments.get(member)?.status)),
  );
  const { inOtherCampaigns, waitingElsewhere } = checksOf(result).overlap!;
  expect(inOtherCampaigns).toBe(enrolled.length);
  expect(waitingElsewhere).toBe(
    members.filter((member) => others.some(({ enrolments }) => enrolments.get(member)?.status === 'Waiting')).length,
  );
}
