import { describe, expect, test } from 'vitest';
import { guides, resources } from '../../../../src/resources/index.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { exampleConversation } from '../../../support/fixtures/conversation.ts';
import { exampleLead } from '../../../support/fixtures/lead.ts';
import type { StubAnswer } from '../../../support/heyreach/heyreach-stub.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { UNKNOWN_RESOURCES } from '../../../support/tools/resource-samples.ts';
import { useReader } from '../../../support/tools/resources.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const FIXED = resources.filter(({ uri }) => !uri.includes('{')).length + guides.length;
const uris = resources.map(({ uri }) => UNKNOWN_RESOURCES[uri] ?? uri);
const never = () => new Promise<StubAnswer>(() => {});

describe('a failure of HeyReach is a protocol error', () => {
  const reader = useReader();
  const errorsOf = (options = {}) =>
    Promise.all(
      uris.map((uri) =>
        reader.read(uri, options).then(
          () => expect.unreachable(`${uri} was read`),
          (error) => [uri, error] as const,
        ),
      ),
    );

  test.each([
    [401, 'Invalid API key', 'unauthorized', 'Create a key'],
    [403, 'No active subscription', 'forbidden', 'Check the subscription'],
    [500, 'Something broke', 'server_error', 'Nothing was changed. Retry in a moment.'],
  ])('HTTP %i', async (status, errorMessage, kind, nextStep) => {
    reader.answerWith({ '*': { status, body: { errorMessage } } });
    for (const [uri, error] of await errorsOf()) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { kind, status, message: errorMessage } } });
      expect(error.message).toContain(`"${uri}" could not be read. HeyReach said (HTTP ${status}): ${errorMessage}`);
      expect(error.message).toContain(nextStep);
    }
  });

  test('HTTP 429', async () => {
    reader.answerWith({ '*': { status: 429, headers: { 'retry-after': '60' }, body: 'Too many requests' } });
    for (const [uri, error] of await errorsOf({ toolMs: 5_000 })) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { kind: 'rate_limited' } } });
      expect(error.data.error.retryAfterSeconds, uri).toBeGreaterThan(50);
      expect(error.message).toContain('Try again in');
    }
  });

  test('no response within the deadline', async () => {
    reader.answerWith({ '*': never });
    for (const [uri, error] of await errorsOf({ toolMs: 300 })) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { outcome: 'unknown' } } });
      expect(error.message).toContain('could not be read');
    }
  });

  test('a response that is not JSON', async () => {
    reader.answerWith({ '*': { body: '{"items": [' } });
    for (const [uri, error] of await errorsOf()) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { kind: 'unreadable_answer' } } });
    }
  });

  test.each([400, 404])('HTTP %i means an unknown id, except for a listing', async (status) => {
    reader.answerWith({ '*': { status, body: { errorMessage: 'No such thing.' } } });
    for (const [uri, error] of await errorsOf()) {
      expect(error.message).toContain(`HeyReach said (HTTP ${status}): No such thing.`);
      const hasId = Object.values(UNKNOWN_RESOURCES).includes(uri);
      expect(error, uri).toMatchObject(hasId ? { code: -32602, data: { uri } } : { code: -32603 });
      if (hasId) expect(Object.keys(error.data)).toEqual(['uri']);
    }
  });

  test("removes hidden characters from HeyReach's message", async () => {
    reader.answerWith({ '*': { status: 404, body: { errorMessage: 'No\u202e such\u200b thing.' } } });
    await expect(reader.read('heyreach://campaigns/1')).rejects.toMatchObject({
      message: expect.stringContaining('(HTTP 404): No such thing.'),
    });
  });
});

describe('resources/list where a listing cannot be read', () => {
  const reader = useReader();
  const campaigns = { body: { totalCount: 1, items: [exampleCampaign()] } };
  const inbox = { body: { totalCount: 1, items: [exampleConversation()], hasNextPage: false } };
  const failures = [
    { status: 401, body: 'Not\u202e now' },
    { status: 403, body: { errorMessage: 'Not now' } },
    { status: 429, headers: { 'retry-after': '60' }, body: 'Not now' },
    { status: 500, body: { errorMessage: 'Not now' } },
  ];

  test.each(failures)('$status of the campaigns leaves the conversations and fixed entries', async (failure) => {
    reader.answerWith({ '/campaign/GetAll': failure, '/inbox/GetConversationsV3': inbox });
    const { resources: listed, _meta, nextCursor } = await reader.list(undefined, { toolMs: 5_000 });
    expect(listed).toHaveLength(FIXED + 1);
    expect(_meta).toEqual({
      'heyreach-mcp/notReadable': { campaigns: expect.stringMatching(`^HTTP ${failure.status}: Not now`) },
    });
    expect(nextCursor).toBeUndefined();
  });

  test.each(failures)('$status of the conversations leaves the campaigns and fixed entries', async (failure) => {
    reader.answerWith({
      '/campaign/GetAll': campaigns,
      '/inbox/GetConversationsV2': failure,
      '/inbox/GetConversationsV3': failure,
    });
    const { resources: listed, _meta } = await reader.list(undefined, { toolMs: 5_000 });
    expect(listed.map(({ uri }) => uri)).toContain('heyreach://campaigns/600001');
    expect(listed).toHaveLength(FIXED + 1);
    expect(_meta).toEqual({
      'heyreach-mcp/notReadable': { conversations: expect.stringMatching(`^HTTP ${failure.status}: Not now`) },
    });
  });

  test('a response that is not JSON, or none within the deadline, removes only its listing', async () => {
    reader.answerWith({ '/campaign/GetAll': { body: '{"items": [' }, '/inbox/GetConversationsV3': never });
    const { resources: listed, _meta } = await reader.list(undefined, { toolMs: 500 });
    expect(listed).toHaveLength(FIXED);
    expect(Object.keys(_meta?.['heyreach-mcp/notReadable'] as object)).toEqual(['campaigns', 'conversations']);
  });
});

describe('a list whose members cannot be read', () => {
  const reader = useReader();

  test('is returned with the reason', async () => {
    reader.answerWith({
      '/list/GetById': { body: { id: 930001, name: 'Founders', listType: 'USER_LIST', totalItemsCount: 3 } },
      '/list/GetLeadsFromList': { status: 403, body: { errorMessage: 'Not\u202e today' } },
    });
    const { data } = await reader.read('heyreach://lists/930001');
    expect(data).toMatchObject({ name: 'Founders', notReadable: { members: 'HTTP 403: Not today' } });
    expect(data).not.toHaveProperty('members');
  });
});

describe('a lead that cannot be read completely', () => {
  const reader = useReader();
  const profile = { '/lead/GetLead': { body: exampleLead() } };

  test('is returned with the reasons for the missing parts', async () => {
    reader.answerWith({
      ...profile,
      '/lead/GetTags': { status: 403, body: { errorMessage: 'Not\u202e today' } },
      '/campaign/GetCampaignsForLead': { body: { totalCount: 0, items: [] } },
      '/list/GetListsForLead': { status: 400, body: { errorMessage: 'Could not resolve the lead.' } },
    });
    const { data } = await reader.read('heyreach://leads/ada-example');
    expect(data).toMatchObject({
      profile: { firstName: 'Ada' },
      campaigns: { totalCount: 0, items: [] },
      notReadable: { tags: 'HTTP 403: Not today', lists: 'HTTP 400: Could not resolve the lead.' },
    });
    expect(data).not.toHaveProperty('tags');
    expect(data).not.toHaveProperty('lists');
    expect(data.untrustedFields).toEqual(expect.arrayContaining(['notReadable.tags', 'notReadable.lists']));
  });

  test('is unknown if the profile is unknown', async () => {
    reader.answerWith({ '/lead/GetLead': { status: 404, body: { errorMessage: 'The lead was not found.' } } });
    await expect(reader.read('heyreach://leads/ada-example')).rejects.toMatchObject({
      code: -32602,
      data: { uri: 'heyreach://leads/ada-example' },
      message: expect.stringContaining('The lead was not found.'),
    });
  });
});
