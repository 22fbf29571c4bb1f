import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skills } from '../../src/skills/skills.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { cellsOf } from '../support/runs/run-scope.ts';

interface Entry {
  uri: string;
  frontmatter: { name: string; description: string };
  resources: { uri: string; digest: string; size: number }[];
}
const args = ['--sandbox'];

describe.each(cellsOf(CLIENTS))('skills over $transport with $client', ({ transport, client }) => {
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  beforeAll(async () => {
    if (transport === 'http') program = await startHttpProgram({ args });
    peer = program === undefined ? await connectStdio(client, { args }) : await connectHttp(client, program.url);
  });
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
  });

  test('are listed, can be fetched one by one, and their files match the listed digests', async () => {
    const listed = await peer.raw('skills/list', {});
    const entries = listed.skills as Entry[];
    expect(entries.map(({ frontmatter }) => frontmatter.name)).toEqual(skills.map(({ name }) => name).sort());
    for (const entry of entries) {
      expect((await peer.raw('skills/get', { uri: entry.uri })).skill).toEqual(entry);
      const [{ uri, digest, size }] = entry.resources as [Entry['resources'][0]];
      const [content, ...more] = await peer.readResource(uri);
      expect(more).toEqual([]);
      expect(Buffer.byteLength(content!.text)).toBe(size);
      expect(`sha256:${createHash('sha256').update(content!.text).digest('hex')}`).toBe(digest);
    }
    const isModern = client === 'v2-modern';
    expect('ttlMs' in listed).toBe(isModern);
    expect('cacheScope' in listed).toBe(isModern);
  });

  test('an unknown skill is -32602, and the error names the existing skills', async () => {
    const uri = 'skill://no-such/SKILL.md';
    await expect(peer.raw('skills/get', { uri })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('skill://inbox-triage/SKILL.md'),
    });
    await expect(peer.readResource(uri)).rejects.toThrow('No resource has the URI');
    await expect(peer.raw('skills/get', {})).rejects.toMatchObject({ code: -32_602 });
  });
});

test('without the tools of every skill, the extension is absent', async () => {
  const peer = await connectStdio('v1', { args: [...args, '--toolsets', 'account'] });
  await expect(peer.raw('skills/list', {})).rejects.toMatchObject({ code: -32_601 });
  await peer.close();
});
