import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkHeyReach } from '../../../../src/cli/doctor/heyreach-checks.ts';
import { parseConfig } from '../../../../src/config/load-config.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../../../support/runs/keys.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.close());

/** The check of the organization key. */
async function checkOf(organizationKey: string) {
  const env = { HEYREACH_API_KEY: TEST_KEY, HEYREACH_ORG_API_KEY: organizationKey, HEYREACH_BASE_URL: sandbox.url };
  const parsed = parseConfig([], env);
  if (!parsed.ok || !('config' in parsed)) throw new Error('the settings are complete');
  const checks = await checkHeyReach(parsed.config, {});
  expect(checks.find(({ name }) => name === 'key')?.status).toBe('ok');
  return checks.find(({ name }) => name === 'organization key');
}

test('HeyReach is asked about the organization key, on a route that takes such keys', async () => {
  expect(await checkOf(TEST_ORGANIZATION_KEY)).toMatchObject({
    status: 'ok',
    detail: 'HeyReach accepts HEYREACH_ORG_API_KEY',
  });
});

test('the key of a workspace is no organization key', async () => {
  expect(await checkOf(TEST_KEY)).toMatchObject({
    status: 'failed',
    detail: 'HeyReach rejects HEYREACH_ORG_API_KEY (HTTP 401)',
    next: expect.stringContaining("the organization's API key"),
  });
});
