import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/apps/app-registry.ts';
import { tools } from '../../src/tools/registry.ts';
import { root } from '../support/documents/documents.ts';

describe.each(APPS)('the view of $tool', ({ uri, file, tool, calls }) => {
  const html = readFileSync(`${root}dist/${file}`, 'utf8');

  test('is one page of less than 20 kB', () => {
    expect(uri).toMatch(/^ui:\/\/heyreach\/[a-z]+\.html$/);
    expect(Buffer.byteLength(html)).toBeLessThan(20_000);
    expect(html).toMatch(/^<!doctype html><html lang="en" data-tools="">/);
    expect(html.match(/<\/?script/g)).toEqual(['<script', '</script']);
  });

  test('loads nothing, and never treats text as HTML or code', () => {
    const addresses = [...html.matchAll(/https?:\/\/[^"'`\s)]+/g)].map(([address]) => address);
    // The namespace of SVG is an identifier, not an address to load.
    expect(addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([]);
    expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
    expect(html).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(|url\(|@import|\ssrc=|\shref=/);
    expect(html).not.toMatch(/localStorage|document\.cookie/);
  });

  test('calls only existing tools, and none that contacts people', () => {
    const called = calls.map((name) => tools.find((candidate) => candidate.name === name));
    expect(called.map((calledTool) => calledTool?.name)).toEqual(calls);
    expect(called.filter((calledTool) => !['read', 'write', 'stop'].includes(calledTool!.risk))).toEqual([]);
    expect(calls).toContain(tool);
    for (const name of calls) expect(html).toContain(name);
    const named = tools.filter(({ name }) => html.includes(`"${name}"`) || html.includes(`\`${name}\``));
    expect(named.map(({ name }) => name).filter((name) => !calls.includes(name))).toEqual([]);
  });
});
