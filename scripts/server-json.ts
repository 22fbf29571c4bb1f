// `npm run docs` writes server.json, which the MCP Registry and its catalogues read.
// `tsx scripts/server-json.ts FILE.mcpb` prints it for a release, with the extension of that release.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settings } from '../src/config/settings.ts';
import { MODES } from '../src/mcp/modes.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** What a client asks for before it starts the package. */
const ENVIRONMENT = [
  { name: settings.apiKey.variable, description: settings.apiKey.meaning, isRequired: true, isSecret: true },
  { name: settings.mode.variable, description: settings.mode.meaning, choices: [...MODES], default: 'draft' },
  { name: settings.toolsets.variable, description: settings.toolsets.meaning, default: settings.toolsets.fallback },
  { name: settings.filesFolder.variable, description: settings.filesFolder.meaning, format: 'filepath' },
];

/** The content of server.json. @param extension the path of a packed extension, which a release alone has. */
export function serverJson(extension?: string) {
  const { name, mcpName, version, repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const url = repository.url.replace(/^git\+|\.git$/g, '');
  const runtime = { transport: { type: 'stdio' }, environmentVariables: ENVIRONMENT };
  const packages = [{ registryType: 'npm', identifier: name, version, runtimeHint: 'npx', ...runtime }];
  return {
    $schema: SCHEMA,
    name: mcpName,
    title: 'HeyReach',
    description: 'LinkedIn outreach through HeyReach: campaigns, inbox, leads, lists and statistics.',
    version,
    websiteUrl: url,
    repository: { url, source: 'github' },
    packages: extension === undefined ? packages : [...packages, extensionPackage(extension)],
  };

  function extensionPackage(path: string) {
    return {
      registryType: 'mcpb',
      identifier: `${url}/releases/download/v${version}/${basename(path)}`,
      version,
      fileSha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      transport: { type: 'stdio' },
    };
  }
}

/** The text of server.json. */
export const serverJsonText = (extension?: string) => `${JSON.stringify(serverJson(extension), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const extension = process.argv[2];
  if (extension === undefined) writeFileSync(`${root}server.json`, serverJsonText());
  else process.stdout.write(serverJsonText(extension));
}
