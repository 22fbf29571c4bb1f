import { describe, expect, test } from 'vitest';
import { useSandbox } from '../support/programs/sandbox-harness.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';

describe('a change that waits after a 429', () => {
  const at = useSandbox({}, 'v1', ['--confirm', 'ask']);

  test.each([
    ['delete_webhook', '/webhooks/DeleteWebhook', '/webhooks/GetWebhookById'],
    ...onlyInFullRun([['resume_campaign', '/campaign/Resume', '/campaign/GetById']]),
  ])('%s reports not_sent when the check before the retry fails', async (tool, path, read) => {
    const { webhooks, campaigns } = at.sandbox.workspace;
    const args =
      tool === 'delete_webhook'
        ? { webhookId: [...webhooks.keys()][0] }
        : { campaignId: [...campaigns.values()].find(({ status }) => status === 'PAUSED')!.id };
    const asked = await at.peer.callTool(tool, args);
    const { confirmToken } = asked.structuredContent!.confirmation as { confirmToken: string };
    at.sandbox.faults.add({ match: { path }, kind: 'rateLimit', retryAfter: '2' });
    const made = () => at.sandbox.requests.filter((request) => request.path.includes(path)).length;
    const before = made();
    const result = await inFastTimeByDefault(async () => {
      const waiting = at.peer.callTool(tool, { ...args, confirmToken });
      await expect.poll(made, { interval: 1 }).toBe(before + 1);
      at.sandbox.faults.add({ match: { path: read }, kind: 'status', status: 500, times: 3 });
      return waiting;
    });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'server_error', status: 500, outcome: 'not_sent' });
    expect(made()).toBe(before + 1);
    at.sandbox.faults.clear();
  });
});
