import { existsSync, readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction, type PropertyInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { settings } from '../../src/config/settings.ts';
import { root } from '../support/documents/documents.ts';

const text = readFileSync(`${root}Dockerfile`, 'utf8');
const ignored = readFileSync(`${root}.dockerignore`, 'utf8').split('\n');
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();
const lastFrom = instructions.findLastIndex((instruction) => instruction.getKeyword() === 'FROM');
/** The instructions of the last stage, which becomes the image. */
const final = instructions.slice(lastFrom);
const only = (keyword: string) => {
  const matches = final.filter((instruction) => instruction.getKeyword() === keyword);
  expect(matches, keyword).toHaveLength(1);
  return matches[0]!;
};
const jsonOf = (instruction: Instruction) => JSON.parse(instruction.getArgumentsContent()!);

describe('the Dockerfile', () => {
  test('has no problem that the linter knows', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate(text.replace('USER node', 'USR node'))).not.toEqual([]);
  });

  test('copies files that exist and are part of the build context', () => {
    const sources = dockerfile.getCOPYs().flatMap((copy) => {
      const fromStage = copy.getFlags().some((flag) => flag.getName() === 'from');
      const paths = copy.getArguments().map((argument) => argument.getValue());
      return fromStage ? [] : paths.slice(0, -1);
    });
    expect(sources).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', 'scripts', 'src', 'LICENSE']));
    expect(sources.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    expect(ignored[1]).toBe('*');
    expect(sources.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
  });

  test('names the server as package.json does', () => {
    const labels = Object.fromEntries(
      (only('LABEL') as PropertyInstruction)
        .getProperties()
        .map((property) => [property.getName(), property.getValue()]),
    );
    expect(labels).toMatchObject({
      'io.modelcontextprotocol.server.name': manifest.mcpName,
      'org.opencontainers.image.source': manifest.repository.url.replace(/^git\+|\.git$/g, ''),
      'org.opencontainers.image.licenses': manifest.license,
    });
  });

  test('runs the program over stdio, as a user without privileges, on a supported Node version', () => {
    expect(only('USER').getArgumentsContent()).toBe('node');
    expect(jsonOf(only('ENTRYPOINT'))).toEqual(['node', `/app/${manifest.bin['heyreach-mcp']}`]);
    expect(final.filter((instruction) => instruction.getKeyword() === 'CMD')).toEqual([]);
    expect(only('WORKDIR').getArgumentsContent()).toBe('/app');
    const images = dockerfile.getFROMs().map((from) => from.getImage());
    expect(new Set(images)).toEqual(new Set(['node:22-bookworm-slim']));
  });

  test('checks the health of an HTTP server with existing settings', () => {
    const health = only('HEALTHCHECK').getArgumentsContent()!;
    const variables = health.match(/HEYREACH_[A-Z_]+/g) ?? [];
    expect(variables.sort()).toEqual([settings.port.variable, settings.transport.variable].sort());
    expect(health).toContain(`|| ${settings.port.fallback})`);
  });
});
