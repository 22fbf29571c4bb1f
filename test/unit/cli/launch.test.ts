import { describe, expect, test } from 'vitest';
import { isInNpxCache, ownCommand } from '../../../src/cli/launch.ts';
import { version } from '../../../src/config/version.ts';

const FLAGS = ['--mode', 'draft'];
const from = (program: string, platform: NodeJS.Platform = 'linux') => ({
  node: { path: '/usr/bin/node', version: 'v22.0.0' },
  program,
  machine: { platform, home: '/home/ada', folder: '/work', env: {} },
});
const INSTALLED = '/opt/heyreach-mcp/dist/main.js';
const IN_CACHE = '/home/ada/.npm/_npx/0123456789abcdef/node_modules/heyreach-mcp/dist/main.js';
const CACHE_ON_WINDOWS = 'C:\\Users\\ada\\npm-cache\\_npx\\0123\\node_modules\\heyreach-mcp\\dist\\main.js';

describe('the command of an entry', () => {
  test.each([false, true])('is the file of an installed program, published: %s', (published) => {
    const expected = { command: '/usr/bin/node', args: [INSTALLED, ...FLAGS] };
    expect(ownCommand(from(INSTALLED), FLAGS, { published })).toEqual(expected);
    expect(() => ownCommand(from(INSTALLED), FLAGS, { published, pin: true })).toThrow(
      published ? 'Run init through npx' : 'The package is not on npm yet',
    );
  });

  test('is a file in the npx cache before publication, because the name on npm is free', () => {
    const expected = { command: '/usr/bin/node', args: [IN_CACHE, ...FLAGS] };
    expect(ownCommand(from(IN_CACHE), FLAGS)).toEqual(expected);
    expect(() => ownCommand(from(IN_CACHE), FLAGS, { pin: true })).toThrow('The package is not on npm yet');
  });

  test('is npx after publication, with the version only where it is pinned', () => {
    const published = true;
    const command = 'npx';
    expect(ownCommand(from(IN_CACHE), FLAGS, { published })).toEqual({
      command,
      args: ['-y', 'heyreach-mcp', ...FLAGS],
    });
    expect(ownCommand(from(IN_CACHE), FLAGS, { published, pin: true })).toEqual({
      command,
      args: ['-y', `heyreach-mcp@${version}`, ...FLAGS],
    });
    expect(ownCommand(from(CACHE_ON_WINDOWS, 'win32'), FLAGS, { published, pin: true })).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', `heyreach-mcp@${version}`, ...FLAGS],
    });
  });

  test('recognizes the npx cache by its folder', () => {
    expect([IN_CACHE, CACHE_ON_WINDOWS, INSTALLED].map(isInNpxCache)).toEqual([true, true, false]);
  });
});
