import { describe, expect, test } from 'vitest';
import { useSandbox } from '../../support/programs/sandbox-harness.ts';

describe('the size of an answer', () => {
  const at = useSandbox({ size: 'large' });

  test('a hundred conversations fit into one result, under 48 kB', async () => {
    const result = await at.peer.callTool('list_conversations', { limit: 100 });
    expect(result.structuredContent).toMatchObject({ returned: 100, nextOffset: 100 });
    expect(result.structuredContent).not.toHaveProperty('truncated');
    expect(Buffer.byteLength(result.content[0]!.text)).toBeLessThan(48_000);
  });

  test('pages of a truncated listing skip and repeat no row', async () => {
    const seen: unknown[] = [];
    let pages = 0;
    for (let offset: number | undefined = 0; offset !== undefined && offset < 300; pages += 1) {
      const result = await at.peer.callTool('list_conversations', { limit: 100, offset, messages: 20, detail: 'full' });
      const { items, nextOffset } = result.structuredContent as { items: { id: string }[]; nextOffset?: number };
      expect(Buffer.byteLength(result.content[0]!.text)).toBeLessThanOrEqual(48_000);
      seen.push(...items.map(({ id }) => id));
      offset = nextOffset;
    }
    const all = await at.peer.callTool('list_conversations', { limit: 100, offset: 0 });
    const { items } = all.structuredContent as { items: { id: string }[] };
    expect(pages).toBeGreaterThan(3);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 100)).toEqual(items.map(({ id }) => id));
  });

  test('pages of a cursor skip and repeat no row', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 12; page += 1) {
      const args = { limit: 50, messages: 20, detail: 'full', ...(cursor === undefined ? {} : { cursor }) };
      const result = await at.peer.callTool('scan_conversations', args);
      expect(result.isError).toBeFalsy();
      const answer = result.structuredContent as { items: { id: string }[]; nextCursor?: string };
      seen.push(...answer.items.map(({ id }) => id));
      cursor = answer.nextCursor;
    }
    const plain = await at.peer.callTool('scan_conversations', { limit: 100 });
    const { items } = plain.structuredContent as { items: { id: string }[] };
    expect(new Set(seen).size).toBe(seen.length);
    const common = Math.min(seen.length, 100);
    expect(common).toBeGreaterThan(60);
    expect(seen.slice(0, common)).toEqual(items.slice(0, common).map(({ id }) => id));
  });
});
