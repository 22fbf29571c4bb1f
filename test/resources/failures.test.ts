import { describe, expect, test } from 'vitest';
import { resources } from '../../src/resources/catalog.ts';
import type { StubAnswer } from '../kit/heyreach-stub.ts';
import { exampleLead } from '../kit/lead-examples.ts';
import { useReader } from '../kit/reading.ts';
import { UNKNOWN_RESOURCES } from '../kit/resource-samples.ts';

const uris = resources.map(({ uri }) => UNKNOWN_RESOURCES[uri] ?? uri);
const never = () => new Promise<StubAnswer>(() => {});

describe('whatever HeyReach does, a resource is read or an error of the protocol', () => {
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
    [500, 'Something broke', 'server_error', 'Nothing was changed; read it again in a moment.'],
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

  test('no answer in time', async () => {
    reader.answerWith({ '*': never });
    for (const [uri, error] of await errorsOf({ toolMs: 300 })) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { outcome: 'unknown' } } });
      expect(error.message).toContain('could not be read');
    }
  });

  test('an answer that is none', async () => {
    reader.answerWith({ '*': { body: '{"items": [' } });
    for (const [uri, error] of await errorsOf()) {
      expect(error, uri).toMatchObject({ code: -32603, data: { error: { kind: 'unreadable_answer' } } });
    }
  });

  test.each([400, 404])('HTTP %i: an id is unknown, a listing cannot be', async (status) => {
    reader.answerWith({ '*': { status, body: { errorMessage: 'No such thing.' } } });
    for (const [uri, error] of await errorsOf()) {
      expect(error.message).toContain(`HeyReach said (HTTP ${status}): No such thing.`);
      const isOne = uri in Object.fromEntries(Object.values(UNKNOWN_RESOURCES).map((one) => [one, true]));
      expect(error, uri).toMatchObject(isOne ? { code: -32602, data: { uri } } : { code: -32603 });
      if (isOne) expect(Object.keys(error.data)).toEqual(['uri']);
    }
  });

  test('hidden characters in what HeyReach said are removed', async () => {
    reader.answerWith({ '*': { status: 404, body: { errorMessage: 'No\u202e such\u200b thing.' } } });
    await expect(reader.read('heyreach://campaigns/1')).rejects.toMatchObject({
      message: expect.stringContaining('(HTTP 404): No such thing.'),
    });
  });

  test('the listing fails as a whole', async () => {
    reader.answerWith({
      '/campaign/GetAll': { status: 500, body: { errorMessage: 'Something broke' } },
      '/inbox/GetConversationsV3': { body: { totalCount: 0, items: [] } },
    });
    await expect(reader.list()).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining('"resources/list" could not be read. HeyReach said (HTTP 500): Something broke'),
    });
  });
});

describe('a person of whom not everything can be read', () => {
  const reader = useReader();
  const profile = { '/lead/GetLead': { body: exampleLead() } };

  test('is shown, with what is not and why', async () => {
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

  test('is unknown when the profile is, whatever else can be read', async () => {
    reader.answerWith({ '/lead/GetLead': { status: 404, body: { errorMessage: 'The lead was not found.' } } });
    await expect(reader.read('heyreach://leads/ada-example')).rejects.toMatchObject({
      code: -32602,
      data: { uri: 'heyreach://leads/ada-example' },
      message: expect.stringContaining('The lead was not found.'),
    });
  });
});
