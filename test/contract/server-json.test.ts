import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { serverJson, serverJsonText } from '../../scripts/server-json.ts';
import { settings } from '../../src/config/settings.ts';
import { root } from '../support/documents/documents.ts';

/**
 * The schema of the MCP Registry, from modelcontextprotocol/static (MIT). The test does not check formats: all are
 * `uri`.
 */
const schema = JSON.parse(readFileSync(`${root}test/support/fixtures/server.schema.json`, 'utf8'));
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const problemsOf = (document: unknown) => {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};

describe('server.json', () => {
  const committed = readFileSync(`${root}server.json`, 'utf8');
  const document = JSON.parse(committed);

  test('is the output of `npm run docs`, and follows the schema that it names', () => {
    expect(committed).toBe(serverJsonText());
    expect(document.$schema).toBe(schema.$id);
    expect(problemsOf(document)).toEqual([]);
  });

  test('is rejected by the schema after an invalid change', () => {
    expect(problemsOf({ ...document, name: 'heyreach-mcp' })).toEqual(['/name pattern']);
    expect(problemsOf({ ...document, description: 'x'.repeat(101) })).toEqual(['/description maxLength']);
    const [npm] = document.packages;
    expect(problemsOf({ ...document, packages: [{ ...npm, version: 'latest' }] })).toEqual(['/packages/0/version not']);
  });

  test('names the package, its version and existing variables', () => {
    const { name, version, mcpName } = manifest;
    expect(document).toMatchObject({ name: mcpName, version });
    expect(document.packages).toMatchObject([{ registryType: 'npm', identifier: name, version }]);
    const variables = document.packages[0].environmentVariables.map(({ name }: { name: string }) => name);
    const known = Object.values<{ variable?: string }>(settings).map(({ variable }) => variable);
    expect(variables).toContain('HEYREACH_API_KEY');
    expect(variables.filter((variable: string) => !known.includes(variable))).toEqual([]);
  });

  test('has the extension of a release with its digest', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-release-'));
    try {
      const file = join(folder, `heyreach-mcp-${manifest.version}.mcpb`);
      writeFileSync(file, 'made-up');
      const released = serverJson(file);
      expect(problemsOf(released)).toEqual([]);
      expect(released.packages[1]).toMatchObject({
        registryType: 'mcpb',
        identifier: `${manifest.bugs.replace('/issues', '')}/releases/download/v${manifest.version}/heyreach-mcp-${manifest.version}.mcpb`,
        fileSha256: 'da53422a4618735f8ae72abdb21c16d340849b1a510ef20768b131171f8f7122',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
