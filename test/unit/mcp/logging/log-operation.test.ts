import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { type ReadOptions, useReader } from '../../../support/tools/resources.ts';

describe('the log line of a resource read', () => {
  const reader = useReader();
  const linesOf = async (read: (options: ReadOptions) => Promise<unknown>) => {
    const lines: NonNullable<ReadOptions['lines']> = [];
    await read({ lines }).catch(() => {});
    return lines;
  };

  test('has the kind of resource, the requests and the duration, but no id', async () => {
    reader.answerWith({ '/campaign/GetById': { body: exampleCampaign({ id: 600123 }) } });
    const lines = await linesOf((options) => reader.read('heyreach://campaigns/600123', options));
    const attempts = [expect.stringMatching(/^\/campaign\/GetById 200 \d+ms$/)];
    const resource = 'heyreach://campaigns/{campaignId}';
    expect(lines).toEqual([['info', { resource, ms: expect.any(Number), attempts }, 'resource was read']]);
    expect(JSON.stringify(lines)).not.toContain('600123');
  });

  test.each([
    [401, 'heyreach://lists/930123', 'heyreach://lists/{listId}', 'unauthorized', 1],
    [
      404,
      'heyreach://conversations/170123/2-aWQ%3D',
      'heyreach://conversations/{accountId}/{conversationId}',
      'not_found',
      1,
    ],
    [500, 'heyreach://nowhere/930123', 'none', 'not_found', 0],
    [500, 'heyreach://lists/..', 'none', 'invalid_input', 0],
  ])('HTTP %i: reports the failure of %s with its kind', async (status, uri, resource, error, calls) => {
    reader.answerWith({ '*': { status, body: { errorMessage: 'No.' } } });
    const lines = await linesOf((options) => reader.read(uri, options));
    expect(lines).toEqual([
      ['warn', { resource, error, ms: expect.any(Number), attempts: expect.any(Array) }, 'resource was read: failed'],
    ]);
    expect((lines[0]![1] as { attempts: string[] }).attempts).toHaveLength(calls);
    expect(JSON.stringify(lines)).not.toMatch(/170123|930123|aWQ/);
  });

  test('is also written for the resource list', async () => {
    reader.answerWith({ '*': { body: { totalCount: 0, items: [] } } });
    const [line] = await linesOf((options) => reader.list(undefined, options));
    expect(line).toMatchObject(['info', { attempts: { length: 2 } }, 'resources were listed']);
    const [refused] = await linesOf((options) => reader.list('nonsense', options));
    expect(refused).toMatchObject(['warn', { error: 'invalid_input', attempts: [] }, 'resources were listed: failed']);
  });
});
